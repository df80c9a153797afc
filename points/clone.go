package points

import "slices"

// clone copies what a caller could alter after handing an order over.
func (o Order) clone() Order {
	o.Lines, o.Groups = slices.Clone(o.Lines), slices.Clone(o.Groups)
	for i := range o.Lines {
		o.Lines[i].Tags = slices.Clone(o.Lines[i].Tags)
	}
	return o
}

func (a Award) clone() Award {
	a.CutBy, a.Lots, a.Lines = slices.Clone(a.CutBy), slices.Clone(a.Lots), slices.Clone(a.Lines)
	a.Uses, a.Trace = slices.Clone(a.Uses), slices.Clone(a.Trace)
	for i := range a.Lots {
		a.Lots[i].Timing.Expiry = a.Lots[i].Timing.Expiry.clone()
	}
	return a
}

func (r Return) clone() Return {
	r.Lines = slices.Clone(r.Lines)
	return r
}
