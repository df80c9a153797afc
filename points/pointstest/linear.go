package pointstest

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/regulars-go/regulars/points"
)

// call is an operation of a client, or a question for a balance, with what it was told and when. Of a
// call whose outcome nobody knows it is open whether it was done, and when: it never ended.
type call struct {
	client       int
	op           points.Op // nil asks for the balance of account
	account      string
	asked        string // the same for the same question
	begun, ended int    // on a clock that ticks at every beginning and every end
	told         told
	err          error // why it was told nothing; unless open, it was not done
	open         bool
}

// told is an answer. Where a store may lose answers, the ledger may find that it did an operation itself
// and call it replayed.
type told struct {
	text     string
	replayed bool
}

func (c call) String() string {
	end, answer := fmt.Sprint(c.ended), c.told.text
	if c.told.replayed {
		answer += ", replayed"
	}
	if c.err != nil {
		answer = c.err.Error()
	}
	if c.open {
		end = ""
	}
	return fmt.Sprintf("client %d, %3d-%-3s %s: %s", c.client, c.begun, end, c.asked, answer)
}

// question is the text of a call: an operation, or nil for the balance.
func question(op points.Op, account string) string {
	if op == nil {
		return "the balance of " + account
	}
	data, err := json.Marshal(points.Request{Op: op})
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// failed reports whether the call was surely not done, and so needs no place in an order.
func (c call) failed() bool { return c.err != nil && !c.open }

// explanation searches for an order of calls in which a naive till gives every answer that was given,
// and in which no call comes before one that had ended when it began.
type explanation struct {
	calls []call
	loose bool // a till need not agree on what was replayed
	seen  map[string]bool
	best  []int // the longest order that explains its own answers
}

// explain returns the order, or the longest beginning of one.
func explain(calls []call, loose bool) ([]int, bool) {
	e := &explanation{calls: calls, loose: loose, seen: map[string]bool{}}
	ok := e.from(till{}, make([]byte, len(calls)), nil)
	return e.best, ok
}

// from goes on after an order of calls that has brought the till where it is. Another order of the same
// calls that brings it there too has the same future.
func (e *explanation) from(t till, done []byte, order []int) bool {
	if len(order) >= len(e.best) {
		e.best = slices.Clone(order)
	}
	place := string(done) + t.String()
	if e.seen[place] {
		return false
	}
	e.seen[place] = true
	first, left := math.MaxInt, 0 // the first end of what is left
	for i := range e.calls {
		if c := &e.calls[i]; done[i] == 0 && !c.open && !c.failed() {
			first = min(first, c.ended)
			left++
		}
	}
	if left == 0 {
		return true
	}
	for i := range e.calls {
		c := &e.calls[i]
		if done[i] == 1 || c.failed() || c.begun > first {
			continue
		}
		next, said := t.do(c)
		if !c.open && (said.text != c.told.text || said.replayed != c.told.replayed && !e.loose) {
			continue
		}
		done[i] = 1
		if e.from(next, done, append(order, i)) {
			return true
		}
		done[i] = 0
	}
	return false
}

// unexplained says how far an explanation got.
func unexplained(calls []call, best []int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "no order of %d calls gives their answers; this one goes furthest:\n", len(calls))
	for _, i := range best {
		fmt.Fprintln(&b, " ", calls[i])
	}
	b.WriteString("and leaves\n")
	for i, c := range calls {
		if !slices.Contains(best, i) {
			fmt.Fprintln(&b, " ", c)
		}
	}
	return b.String()
}
