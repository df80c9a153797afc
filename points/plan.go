package points

type plan struct{}
