package points

import (
	"slices"
	"strings"
)

// A natural key is a word for its kind, a colon, and an id: "order:7". The operation that makes a
// natural key is the only one that may be asked for under it; otherwise a bare credit named "order:7"
// would keep order 7 from ever earning, and an action named "cancel" order 7 from being cancelled.
var naturalKeys = map[string][]Kind{
	"order":      {KindEarn},
	"referral":   {KindEarn},
	"referred":   {KindEarn},
	birthdayID:   {KindEarn},
	checkInID:    {KindEarn, KindCheckIn},
	"confirm":    {KindConfirm},
	"hold":       {KindHold},
	"capture":    {KindCapture},
	"void":       {KindVoid},
	"refund":     {KindRefund},
	"cancel":     {KindCancel},
	"edit":       {KindEdit},
	"chargeback": {KindChargeback},
	"win":        {KindWin},
	"merge":      {KindMerge},
	"via":        nil, // the key of another account's change
}

// natural splits a key into its kind and its id, if it is a natural key.
func natural(key string) (kind, id string, ok bool) {
	kind, id, ok = strings.Cut(key, ":")
	if ok {
		_, ok = naturalKeys[kind]
	}
	return kind, id, ok
}

// checkAsked refuses an operation under the natural key of another kind of operation.
func checkAsked(op Kind, key string) error {
	if own := len(op); len(key) > own && key[own] == ':' && key[:own] == string(op) { // its own, as mostly
		return nil
	}
	if kind, _, ok := natural(key); ok && !slices.Contains(naturalKeys[kind], op) {
		return reserved(kind)
	}
	return nil
}

// checkBare checks the key of a credit that no policy named.
func checkBare(key string) error {
	if kind, _, ok := natural(key); ok {
		return reserved(kind)
	}
	return checkID("key", key)
}

func reserved(kind string) error {
	return fieldError{`key: "` + kind + `:" begins the keys of other operations`, ErrID}
}

// checkKey checks a reference to what was booked: a natural key, whose id may be 255 bytes long on its
// own, or any other key.
func checkKey(key string) error {
	if _, id, ok := natural(key); ok {
		return checkID("key", id)
	}
	return checkID("key", key)
}

// checkEvent checks the name of an event. A colon would let two confirmations share a key.
func checkEvent(event string) error {
	if strings.Contains(event, ":") {
		return fieldError{"event: holds a colon", ErrID}
	}
	return checkID("event", event)
}
