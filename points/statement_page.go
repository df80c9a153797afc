package points

import (
	"slices"

	"github.com/regulars-go/regulars/internal/fixed"
)

// Page returns the lines that follow the one with an id, at most n of them, as a statement of their own:
// its Opening is the account before its first line and its Closing after its last, so that pages add up,
// and From and Until are those of the whole. The first page follows "". More says whether lines are left.
//
// The id of a line never changes, so a page that is asked for later follows on where the one before it
// ended, whatever was booked meanwhile. An id that the statement does not have is [ErrUnknown].
func (s Statement) Page(after string, n int) (page Statement, more bool, err error) {
	if n < 1 {
		return Statement{}, false, fieldError{"n", ErrAmount}
	}
	from := 0
	if after != "" {
		at := slices.IndexFunc(s.Lines, func(p Posting) bool { return p.ID == after })
		if at < 0 {
			return Statement{}, false, fieldError{"after", ErrUnknown}
		}
		from = at + 1
		s.Opening = s.Lines[at].Balance
	}
	until := min(len(s.Lines), from+min(n, len(s.Lines)))
	more = until < len(s.Lines)
	s.Lines = slices.Clone(s.Lines[from:until])
	s.Closing, s.Totals = s.Opening, map[Kind]int64{}
	for _, p := range s.Lines {
		if s.Totals[p.Kind], err = fixed.Add(s.Totals[p.Kind], p.Points); err != nil {
			return Statement{}, false, ErrOverflow
		}
		s.Closing = p.Balance
	}
	return s, more, nil
}
