package points

// returns lists what was returned of an order so far.
func (p *plan) returns(key string) []Return { return nil }
