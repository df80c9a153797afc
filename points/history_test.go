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

// Names whose hashes collide are told apart by the names themselves, and accounts have names of their own.
func TestHistoryTellsCollisionsApart(t *testing.T) {
	var log memLog
	accounts := make([]history, 2)
	var pairs [][2]string
	for seen, i := map[uint32]string{}, 0; len(pairs) < 12; i++ {
		name := fmt.Sprint("n", i)
		if twin, ok := seen[nameHash(name)]; ok {
			pairs = append(pairs, [2]string{twin, name})
		}
		seen[nameHash(name)] = name
	}
	for owner := range accounts {
		h := &accounts[owner]
		version := int64(0)
		keys, refs := map[string]int64{}, map[string][]int64{}
		add := func(key, of string) {
			version++
			h.add(&log, &Change{Version: version, Key: key, Of: of})
			keys[key] = version
			refs[of] = append(refs[of], version)
		}
		for i, pair := range pairs {
			a, b := pair[0], pair[1]
			switch (i + owner) % 3 {
			case 0: // both are keys, and others refer to them
				add(a, "")
				add(b, "")
				add(fmt.Sprint("of a", i), a)
				add(fmt.Sprint("of b", i), b)
				add(fmt.Sprint("of a again", i), a)
			case 1: // a change has one and refers to the other
				add(fmt.Sprint("before", i), b)
				add(a, b)
				add(b, "")
				add(fmt.Sprint("after", i), a)
			default:
				add(fmt.Sprint("before", i), a)
				add(b, "")
			}
		}
		for _, pair := range pairs {
			for _, name := range pair {
				want := slices.Clone(refs[name])
				if at, ok := keys[name]; ok {
					want = append(want, at)
				}
				slices.Sort(want)
				var got []int64
				for _, c := range h.find(&log, "a", []string{name}) {
					got = append(got, c.Version)
				}
				require.Equal(t, want, got, "%s of account %d", name, owner)
				taken := int64(0)
				for p, has := range h.named(&log, name) {
					if has {
						taken = int64(log.record(p).version)
					}
				}
				require.Equal(t, keys[name], taken, "%s of account %d", name, owner)
			}
		}
	}
}

// The table of names is a map of hashes.
func TestNames(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewPCG(seed, seed))
	for _, spread := range []uint32{3, 100, 1 << 31} { // from hashes that mostly meet to those that never do
		var n names
		want := map[uint32]place{}
		for i := range place(5000) {
			hash := r.Uint32N(spread) * 64
			require.Equal(t, want[hash], n.set(hash, i+1), "seed %d", seed)
			want[hash] = i + 1
			miss := r.Uint32()
			require.Equal(t, want[miss], n.latest(miss), "seed %d", seed)
		}
		for hash, p := range want {
			require.Equal(t, p, n.latest(hash))
		}
		require.Equal(t, len(want), n.used)
		require.Greater(t, len(n.slots), n.used)
	}
}
