package points

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
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
	accounts := []*history{{owner: 0}, {owner: 1}}
	for i := range 8 {
		accounts[i%2].add(&log, &Change{Version: int64(i/2) + 1, Key: fmt.Sprint("k", i/2), Of: fmt.Sprint("o", i/4)})
	}
	for i := range place(8) { // as if all hashes were the same
		log.record(i+1).key, log.record(i+1).of = i, i
	}
	for i := range 4 {
		log.keys[accounts[0].hash(fmt.Sprint("k", i))] = 8
		log.of[accounts[0].hash(fmt.Sprint("o", i))] = 8
	}
	for _, h := range accounts {
		for i := range 4 {
			found := h.find(&log, "a", []string{fmt.Sprint("k", i)})
			require.Len(t, found, 1)
			assert.EqualValues(t, i+1, found[0].Version)
		}
		assert.Len(t, h.find(&log, "a", []string{"o1", "k0", ""}), 3)
		assert.Empty(t, h.find(&log, "a", []string{"o2"}))
	}
}
