package codecs

// A Truster is a Codec that looks through records or bytes before its library sees them, since New promises that any will
// do, and can leave that to others.
type Truster interface {
	// Trusted returns a Codec that gives the same without a look, which is the library as a program calls it on what it
	// wrote itself: for records that this process has encoded and read back, and their bytes. What becomes of others, the
	// process included, is not said. The Codec has the same native records, and is a Converter if the receiver is one. It
	// shares the receiver's scratch space: neither is used while the other is.
	Trusted() Codec
}

// Trusted returns what c.Trusted returns, or c itself if it looks at nothing that it could trust.
func Trusted(c Codec) Codec {
	if t, ok := c.(Truster); ok {
		return t.Trusted()
	}
	return c
}
