// Package sample has something of each kind to measure.
package sample

import "strings"

const rounds = 100

// Mix is bound by the processor.
func Mix(x uint64) uint64 {
	for i := uint64(0); i < rounds; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// Split allocates.
func Split(s string) []string {
	return strings.Split(s, ",")
}

// Tally is heavy on maps.
func Tally(words []string) map[string]int {
	m := map[string]int{}
	for _, w := range words {
		m[w]++
	}
	return m
}

// Touch is heavy on memory.
func Touch(b []byte) (sum int) {
	for i := 0; i < len(b); i += 64 {
		sum += int(b[i])
	}
	return sum
}

// Encode makes a record of bytes.
func Encode(dst []byte, id uint32, name string) []byte {
	dst = append(dst, byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
	dst = append(dst, byte(len(name)))
	return append(dst, name...)
}
