package javatype

// A Line is a line of Flink releases.
type Line uint8

// The lines. What Flink does with a type differs in List and Map only, and in the release of Kryo that it brings.
const (
	Flink2 Line = iota // 2.0 and later, with Kryo 5.6
	Flink1             // 1.20, with Kryo 2.24
)
