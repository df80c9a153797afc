package pointstest

import "github.com/shopspring/decimal"

// money is an amount that the kit itself wrote.
func money(s string) decimal.Decimal { return decimal.RequireFromString(s) }
