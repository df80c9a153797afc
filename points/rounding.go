package points

// Rounding is how an exact number of points becomes a whole one.
type Rounding string

// The ways to round. The zero value is Down.
const (
	Down   Rounding = "down"
	HalfUp Rounding = "half_up" // half away from zero
	Up     Rounding = "up"
)

// RoundAt is where that happens, once.
type RoundAt string

// The places to round at. The zero value is PerOrder.
const (
	PerOrder RoundAt = "order" // the sum of all lines; shares of lines by largest remainder
	PerLine  RoundAt = "line"  // each line
)
