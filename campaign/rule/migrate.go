package rule

// Migration is
type Migration struct{}
