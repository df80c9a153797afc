package data

// Sum is what contestants are compared by: it differs, all but surely, when one customer's recency,
// count, sum or any score does.
type Sum struct {
	Customers int64
	Days      int64 // the sum of recencies
	Orders    int64
	Minor     int64
	Scores    int64 // the sum of (customer number mod 999,983) × (100 R + 10 F + M)
	Values    int64 // the sum of (customer number mod 999,983) × (recency + count + cents mod 1,000)
}

// Add counts one customer. Amounts of customers must not be negative.
func (s *Sum) Add(id int64, days int, orders, minor int64, r, f, m int) {
	s.Customers++
	s.Days += int64(days)
	s.Orders += orders
	s.Minor += minor
	w := id % 999_983
	s.Scores += w * int64(100*r+10*f+m)
	s.Values += w * (int64(days) + orders + minor%1000)
}
