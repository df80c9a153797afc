package points

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever a change has in its fields, now or once there are more of them, comes back from a MemStore
// as it went in.
func TestHistoryKeepsEveryField(t *testing.T) {
	const seed = 11
	r := rand.New(rand.NewPCG(seed, seed))
	shanghai := time.FixedZone("", 8*60*60)
	kinds := make([]Kind, 0, len(opTypes))
	for kind := range opTypes {
		kinds = append(kinds, kind)
	}
	m := new(MemStore)
	for round := range 40 {
		for _, kind := range kinds {
			account := fmt.Sprintf("%s %d", kind, round)
			var want []Change
			for version := range int64(3) {
				op := reflect.New(opTypes[kind]).Elem()
				populate(r, op, round%4)
				if at := op.FieldByName("At"); round%2 == 0 && at.IsValid() {
					at.Set(reflect.ValueOf(at.Interface().(time.Time).In(shanghai)))
				}
				var c Change
				populate(r, reflect.ValueOf(&c).Elem(), round%4)
				c.Account, c.Version, c.Key = account, version+1, fmt.Sprint("key ", version)
				c.Request = &Request{op.Interface().(Op)}
				c.State = &Account{ID: account, Version: version + 1}
				if version == 2 { // as a ledger writes it
					c.Receipt.Account, c.Receipt.Key, c.Receipt.Kind, c.Receipt.At, c.Receipt.Version = c.Account, c.Key, c.Kind, c.At, c.Version
				}
				require.NoError(t, m.Commit(ctx, c), "seed %d", seed)
				want = append(want, c)
			}
			var got []Change
			for c, err := range m.Changes(ctx, account, 0) {
				require.NoError(t, err)
				got = append(got, c)
			}
			require.Equal(t, written(t, want), written(t, got), "seed %d", seed)
			acc, err := m.Load(ctx, account, "key 1", want[0].Of)
			require.NoError(t, err)
			assert.NotEmpty(t, acc.Changes)
			for _, c := range acc.Changes {
				assert.Equal(t, written(t, want[c.Version-1:c.Version]), written(t, []Change{c}))
			}
		}
	}
}

// A change may move points of any number of lots.
func TestHistoryKeepsLongChanges(t *testing.T) {
	m := new(MemStore)
	c := Change{Account: "a", Version: 1, Key: "k", Entries: []Entry{{}}, State: &Account{ID: "a", Version: 1}}
	for i := range int64(20_000) {
		c.Entries[0].Slices = append(c.Entries[0].Slices, Slice{i, Lot{ID: fmt.Sprint(i), Migrated: i%3 == 0, Held: i % 2}})
	}
	require.NoError(t, m.Commit(ctx, c))
	acc, err := m.Load(ctx, "a", "k")
	require.NoError(t, err)
	require.Equal(t, written(t, []Change{c}), written(t, acc.Changes))
}

func written(t *testing.T, changes []Change) string {
	t.Helper()
	for i := range changes {
		changes[i].State = nil
	}
	data, err := json.MarshalIndent(changes, "", " ")
	require.NoError(t, err)
	return string(data)
}

// populate sets every field that can be set; with thin 0 to all, else to something only now and then.
func populate(r *rand.Rand, v reflect.Value, thin int) {
	if thin > 0 && v.Kind() != reflect.Struct && r.IntN(thin+1) > 0 {
		return
	}
	switch at := v.Addr().Interface().(type) {
	case *time.Time:
		*at = time.UnixMicro(r.Int64N(1 << 52)).UTC()
		return
	case *decimal.Decimal:
		*at = decimal.New(r.Int64()-1<<62, -int32(r.IntN(9)))
		if r.IntN(3) == 0 {
			*at = at.Mul(*at)
		}
		return
	case *Evidence, **Account, **Request, **Order, **Award:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("文 %x", r.Uint64()>>r.IntN(64)))
	case reflect.Int64, reflect.Int:
		v.SetInt(int64(r.Uint64()) >> r.IntN(64)) //nolint:gosec // any
	case reflect.Int32:
		v.SetInt(int64(r.Int32()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		populate(r, v.Elem(), thin)
	case reflect.Slice:
		if v.Type().Elem() == reflect.TypeFor[Expiry]() && r.IntN(8) > 0 { // they nest
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1+r.IntN(2), 2))
		for i := range v.Len() {
			populate(r, v.Index(i), thin)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				populate(r, field, thin)
			}
		}
	default:
		panic("a kind of field that nobody fills: " + v.Kind().String())
	}
}

// Names whose hashes collide are told apart by the names themselves, and by the accounts.
func TestHistoryTellsCollisionsApart(t *testing.T) {
	var log memLog
	accounts := []*history{{owner: 0, salt: 1}, {owner: 1, salt: 2}}
	type owned struct {
		name  string
		owner int
	}
	var pairs [][2]owned
	for seen, i := map[uint32]owned{}, 0; len(pairs) < 24; i++ {
		n := owned{fmt.Sprint("n", i), i % 2}
		hash := accounts[n.owner].hash(n.name)
		if twin, ok := seen[hash]; ok {
			pairs = append(pairs, [2]owned{twin, n})
		}
		seen[hash] = n
	}
	versions := make([]int64, len(accounts))
	keys, refs := map[owned]int64{}, map[owned][]int64{}
	add := func(owner int, key, of string) {
		versions[owner]++
		accounts[owner].add(&log, &Change{Version: versions[owner], Key: key, Of: of})
		keys[owned{key, owner}] = versions[owner]
		refs[owned{of, owner}] = append(refs[owned{of, owner}], versions[owner])
	}
	for i, pair := range pairs {
		a, b := pair[0], pair[1]
		switch {
		case i%3 == 0: // both are keys, and others refer to them
			add(a.owner, a.name, "")
			add(b.owner, b.name, "")
			add(a.owner, fmt.Sprint("of a", i), a.name)
			add(b.owner, fmt.Sprint("of b", i), b.name)
			add(a.owner, fmt.Sprint("of a again", i), a.name)
		case a.owner == b.owner: // a change has one and refers to the other
			add(a.owner, fmt.Sprint("before", i), b.name)
			add(a.owner, a.name, b.name)
			add(a.owner, b.name, "")
			add(a.owner, fmt.Sprint("after", i), a.name)
		default:
			add(a.owner, fmt.Sprint("before", i), a.name)
			add(b.owner, b.name, "")
		}
	}
	for _, pair := range pairs {
		for _, n := range pair {
			for owner, h := range accounts {
				is := owned{n.name, owner}
				want := slices.Clone(refs[is])
				if at, ok := keys[is]; ok {
					want = append(want, at)
				}
				slices.Sort(want)
				var got []int64
				for _, c := range h.find(&log, "a", []string{n.name}) {
					got = append(got, c.Version)
				}
				require.Equal(t, want, got, "%v for account %d", n, owner)
				taken := int64(0)
				for p, has := range h.named(&log, n.name) {
					if has {
						taken = int64(log.record(p).version)
					}
				}
				require.Equal(t, keys[is], taken, "%v for account %d", n, owner)
			}
		}
	}
}
