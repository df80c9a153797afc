package rfm

import (
	"hash/maphash"
	"math/bits"
	"reflect"
	"unsafe"
)

// hashes is how the keys of a batch are hashed: place decides in which part a customer is kept, and so
// the order in which customers come out; probe decides where in the part. The two are apart because
// place must be the same in every run, while probe must not be predictable: a shop's customers choose
// their own names, and could otherwise choose them so that they all collide.
type hashes[K comparable] struct {
	batch func(keys []K, place []uint8, probe []uint64)
	// stable says whether place spreads the keys; where it does not, everything stays in one part.
	stable bool
}

func newHashes[K comparable]() hashes[K] {
	seed := maphash.MakeSeed()
	salt := maphash.Comparable(seed, 0)
	switch reflect.TypeFor[K]().Kind() {
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr:
		if unsafe.Sizeof(*new(K)) == 8 {
			return hashes[K]{stable: true, batch: func(keys []K, place []uint8, probe []uint64) {
				hashInts(same[uint64](keys), salt, place, probe)
			}}
		}
	case reflect.Int32, reflect.Uint32:
		return hashes[K]{stable: true, batch: func(keys []K, place []uint8, probe []uint64) {
			hashInts(same[uint32](keys), salt, place, probe)
		}}
	case reflect.String:
		return hashes[K]{stable: true, batch: func(keys []K, place []uint8, probe []uint64) {
			hashStrings(same[string](keys), seed, place, probe)
		}}
	default:
	}
	return hashes[K]{batch: func(keys []K, _ []uint8, probe []uint64) {
		for i, k := range keys {
			probe[i] = maphash.Comparable(seed, k)
		}
	}}
}

// same looks at keys as the basic type they are made of, so that the caller's own key types are as fast
// as it is. Its callers have checked the kind and the size.
func same[T, K any](keys []K) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(keys))), len(keys))
}

func hashInts[T uint32 | uint64](keys []T, salt uint64, place []uint8, probe []uint64) {
	for i, k := range keys {
		place[i] = uint8(mix(uint64(k), 0x9e3779b97f4a7c15) >> 56)
		probe[i] = mix(uint64(k)^salt, 0xd6e8feb86659fd93)
	}
}

func hashStrings(keys []string, seed maphash.Seed, place []uint8, probe []uint64) {
	for i, k := range keys {
		place[i] = uint8(mix(ends(k), 0x9e3779b97f4a7c15) >> 56)
		probe[i] = maphash.String(seed, k)
	}
}

// ends folds the first and the last eight bytes of a key: where ids differ, they differ there.
func ends(k string) uint64 {
	var head, tail uint64
	for i := range min(8, len(k)) {
		head = head<<8 | uint64(k[i])
		tail = tail<<8 | uint64(k[len(k)-1-i])
	}
	return head ^ bits.RotateLeft64(tail, 29) ^ uint64(len(k))
}

// mix folds the 128-bit product of two words, which carries every bit of x into the result.
func mix(x, by uint64) uint64 {
	hi, lo := bits.Mul64(x^0xa0761d6478bd642f, by)
	return hi ^ lo
}
