package rfm

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"reflect"
	"unsafe"
)

// hashes is how keys are hashed, a batch at a time. place decides in which part a customer is kept, and so
// the order in which customers come out; probe decides where in the part. The two are apart because
// place must be the same in every run, while probe must not be predictable: customers choose their own
// names, and could otherwise choose them so that they all collide.
type hashes[K comparable] struct {
	place func(keys []K, into []uint8) // nil where keys cannot be spread: everything stays in one part
	probe func(keys []K, into []uint64)
}

func newHashes[K comparable]() hashes[K] {
	seed := maphash.MakeSeed()
	salt := maphash.Comparable(seed, 0)
	switch reflect.TypeFor[K]().Kind() {
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr:
		if unsafe.Sizeof(*new(K)) == 8 {
			return hashes[K]{
				func(keys []K, into []uint8) { placeInts(same[uint64](keys), into) },
				func(keys []K, into []uint64) { probeInts(same[uint64](keys), salt, into) },
			}
		}
	case reflect.Int32, reflect.Uint32:
		return hashes[K]{
			func(keys []K, into []uint8) { placeInts(same[uint32](keys), into) },
			func(keys []K, into []uint64) { probeInts(same[uint32](keys), salt, into) },
		}
	case reflect.String:
		return hashes[K]{
			func(keys []K, into []uint8) { placeStrings(same[string](keys), into) },
			func(keys []K, into []uint64) {
				for i, k := range same[string](keys) {
					into[i] = maphash.String(seed, k)
				}
			},
		}
	default:
	}
	return hashes[K]{probe: func(keys []K, into []uint64) {
		for i, k := range keys {
			into[i] = maphash.Comparable(seed, k)
		}
	}}
}

// same looks at keys as the basic type they are made of, so that the caller's own key types are as fast
// as it is. Its callers have checked the kind and the size.
func same[T, K any](keys []K) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(keys))), len(keys))
}

func placeInts[T uint32 | uint64](keys []T, into []uint8) {
	for i, k := range keys {
		into[i] = uint8(mix(uint64(k), 0x9e3779b97f4a7c15) >> 56)
	}
}

func probeInts[T uint32 | uint64](keys []T, salt uint64, into []uint64) {
	for i, k := range keys {
		into[i] = mix(uint64(k)^salt, 0xd6e8feb86659fd93)
	}
}

func placeStrings(keys []string, into []uint8) {
	for i, k := range keys {
		into[i] = uint8(mix(ends(k), 0x9e3779b97f4a7c15) >> 56)
	}
}

// ends folds the first and the last eight bytes of a key: where ids differ, they differ there.
func ends(k string) uint64 {
	n := uint64(len(k))
	if n >= 8 {
		head := binary.LittleEndian.Uint64([]byte(k[:8]))
		return head ^ bits.RotateLeft64(binary.LittleEndian.Uint64([]byte(k[n-8:])), 29) ^ n
	}
	for i := range len(k) {
		n = n<<8 | uint64(k[i])
	}
	return n
}

// mix folds the 128-bit product of two words, which carries every bit of x into the result.
func mix(x, by uint64) uint64 {
	hi, lo := bits.Mul64(x^0xa0761d6478bd642f, by)
	return hi ^ lo
}
