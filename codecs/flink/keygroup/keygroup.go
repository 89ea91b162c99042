// Package keygroup assigns keys to key groups and key groups to subtasks, as Flink's keyBy does.
//
// Source: KeyGroupRangeAssignment and MathUtils of Flink, equal in 1.20 to 2.3. All arithmetic is on 32 bits.
package keygroup

import "math/bits"

// Murmur returns Flink's MathUtils.murmurHash of a Java hashCode: Murmur3 of one word with seed 0, made positive.
func Murmur(hash int32) int32 {
	m := uint32(hash) * 0xcc9e2d51
	m = bits.RotateLeft32(m, 15) * 0x1b873593
	m = bits.RotateLeft32(m, 13)*5 + 0xe6546b64
	m ^= 4
	m ^= m >> 16
	m *= 0x85ebca6b
	m ^= m >> 13
	m *= 0xc2b2ae35
	m ^= m >> 16
	sign := int32(m) >> 31              // no branch: half of all hashes are negative, and each wrong guess costs as much as the hash
	return max((int32(m)^sign)-sign, 0) // the least int32 has no positive twin, and becomes 0
}

// Group returns the key group of a key whose Java hashCode is hash, out of max groups.
func Group(hash int32, max int) int {
	m := uint32(Murmur(hash))
	if max&(max-1) == 0 { // the usual case, and a division costs more than the hash
		return int(m & uint32(max-1))
	}
	return int(m % uint32(max))
}

// Channel returns the subtask, of par ones, that key group group of max belongs to.
func Channel(group, par, max int) int { return group * par / max }

// Range returns the first and the last key group, of max ones, that subtask i of par has: its Channel the other way round.
func Range(i, par, max int) (first, last int) {
	return (i*max + par - 1) / par, ((i+1)*max - 1) / par
}

// Channels returns the subtask of each key group: a table is cheaper than the division.
func Channels(par, max int) []uint16 {
	channels := make([]uint16, max)
	for group := range channels {
		channels[group] = uint16(Channel(group, par, max))
	}
	return channels
}

// DefaultMaxParallelism returns the number of key groups that Flink gives a job of parallelism par: one and a half times
// as many, rounded up to a power of two, from 128 to 32768.
func DefaultMaxParallelism(par int) int {
	n := par + par/2
	return min(max(1<<bits.Len(uint(n-1)), 128), 32768)
}
