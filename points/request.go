package points

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Op is a mutation that a [Ledger] can do: [Earn], [Redeem], [Hold]… Every one is a plain value that
// names its account and its key, so it can be queued, batched, stored and compared.
type Op interface {
	// Kind returns the word for the operation.
	Kind() Kind
	// head returns the account, the key and the instant.
	head() head
	// refs returns the keys, beside its own, of the changes the operation must see.
	refs() []string
	// check refuses what no state of the account can make right.
	check() error
	// plan works the operation out on the books it opened.
	plan(p *plan) error
}

type head struct {
	account, key string
	at           time.Time
}

// Request is an operation as it was asked for, in the form in which it is recorded and compared. Its
// JSON is an object with the kind as its only member.
type Request struct{ Op Op }

var opTypes = map[Kind]reflect.Type{}

func register(ops ...Op) struct{} { //nolint:unparam // a package variable needs a value
	for _, op := range ops {
		opTypes[op.Kind()] = reflect.TypeOf(op)
	}
	return struct{}{}
}

// MarshalJSON writes {"earn": {…}}.
func (r Request) MarshalJSON() ([]byte, error) {
	if r.Op == nil {
		return []byte("null"), nil
	}
	return json.Marshal(map[Kind]Op{r.Op.Kind(): r.Op})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Request) UnmarshalJSON(data []byte) error {
	var raw map[Kind]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	if len(raw) != 1 {
		return fmt.Errorf("points: a request has one kind, found %d", len(raw))
	}
	for kind, body := range raw {
		typ, ok := opTypes[kind]
		if !ok {
			return fmt.Errorf("points: unknown kind of request %q", kind)
		}
		v := reflect.New(typ)
		if err := json.Unmarshal(body, v.Interface()); err != nil {
			return fmt.Errorf("points: request %q: %w", kind, err)
		}
		r.Op = v.Elem().Interface().(Op)
	}
	return nil
}

func (r *Request) clone() *Request {
	if r == nil {
		return nil
	}
	op := r.Op
	if v, err := value(op); err == nil {
		op = v
	}
	return &Request{Op: cloneOp(op)}
}

// cloneOp copies an operation that holds references; the others are values already.
func cloneOp(op Op) Op {
	if c, ok := op.(cloner); ok && c.shares() {
		return c.clone()
	}
	return op
}

// value returns an operation that was handed over by pointer as the value it is.
func value(op Op) (Op, error) {
	if v := reflect.ValueOf(op); v.Kind() == reflect.Pointer && !v.IsNil() {
		return v.Elem().Interface().(Op), nil
	} else if v.IsValid() && v.Kind() != reflect.Pointer {
		return op, nil
	}
	return nil, fieldError{"operation", ErrUnknown}
}

// cloner is an operation that may hold references.
type cloner interface {
	shares() bool
	clone() Op
}

// Difference is a field in which two requests under one key differ.
type Difference struct {
	Field string // path of the field, such as "points" or "order.lines.0.price"
	Was   string // value in the recorded request, "" if absent
	Is    string // value in the new request, "" if absent
}

func (d Difference) String() string { return d.Field + ": " + d.Was + "≠" + d.Is }

// differences compares what two requests ask for. When they asked and under which key and account is
// not part of that, nor are the instants of an order: a webhook that is delivered again often carries
// new ones.
func differences(was, is Op) ([]Difference, error) {
	if was.Kind() != is.Kind() {
		return []Difference{{"kind", string(was.Kind()), string(is.Kind())}}, nil
	}
	a, err := leaves(was)
	if err != nil {
		return nil, err
	}
	b, err := leaves(is)
	if err != nil {
		return nil, err
	}
	var diffs []Difference
	for path, v := range a {
		if b[path] != v {
			diffs = append(diffs, Difference{path, v, b[path]})
		}
	}
	for path, v := range b {
		if _, both := a[path]; !both {
			diffs = append(diffs, Difference{path, "", v})
		}
	}
	slices.SortFunc(diffs, func(x, y Difference) int { return strings.Compare(x.Field, y.Field) })
	return diffs, nil
}

// leaves returns the values of an operation's JSON by path. It is only for requests that meet a used key.
func leaves(op Op) (map[string]string, error) {
	v := reflect.New(reflect.TypeOf(op)).Elem()
	v.Set(reflect.ValueOf(cloneOp(op)))
	canonical(v)
	data, err := json.Marshal(v.Interface())
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	var tree map[string]any
	if err := dec.Decode(&tree); err != nil {
		return nil, err
	}
	delete(tree, "account")
	delete(tree, "key")
	out := map[string]string{}
	collect(out, "", tree)
	return out, nil
}

// canonical gives two ways of saying the same thing one form: instants are whole microseconds of UTC,
// those of an order are not compared, a line without a quantity has one, and returned lines come in any order.
func canonical(v reflect.Value) {
	if !v.CanSet() { // the inside of a decimal, or of evidence
		return
	}
	switch at := v.Addr().Interface().(type) {
	case *time.Time:
		*at = instant(*at)
		return
	case *Order:
		at.Placed, at.Paid, at.Received, at.Completed = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	case *Line:
		at.Quantity = max(at.Quantity, 1)
	case *Return:
		slices.SortStableFunc(at.Lines, func(a, b LineReturn) int { return strings.Compare(a.ID, b.ID) })
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			canonical(v.Elem())
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			canonical(field)
		}
	case reflect.Slice:
		for i := range v.Len() {
			canonical(v.Index(i))
		}
	default:
	}
}

func collect(out map[string]string, path string, v any) {
	join := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if name != "at" && !strings.HasSuffix(name, "_at") {
				collect(out, join(name), member)
			}
		}
	case []any:
		for i, member := range v {
			collect(out, join(fmt.Sprint(i)), member)
		}
	case nil:
	default:
		out[path] = fmt.Sprint(v)
	}
}
