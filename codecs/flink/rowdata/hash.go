package rowdata

import "math/bits"

// Hash is the hashCode of a BinaryRowData, from its bytes without the size before them: what SQL's hash exchanges give to
// Flink's key groups. The RowKind and the null bits count. It is that of a BinaryStringData, too, from its text. It is
// Murmur3 of the little-endian words with seed 42; bytes behind the last word count as a word each, with their sign.
func Hash(b []byte) int32 {
	h, n := uint32(42), len(b)
	for ; len(b) >= 4; b = b[4:] {
		h = mix(h, le.Uint32(b))
	}
	for _, x := range b {
		h = mix(h, uint32(int8(x)))
	}
	h ^= uint32(n)
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return int32(h ^ h>>16)
}

func mix(h, k uint32) uint32 {
	h ^= bits.RotateLeft32(k*0xcc9e2d51, 15) * 0x1b873593
	return bits.RotateLeft32(h, 13)*5 + 0xe6546b64
}
