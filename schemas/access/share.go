package access

import "github.com/wirecost/wirecost/schemas"

// TextValue returns the Value of type n, a string, enum, bytes or fixed, whose bytes are b. It shares b's memory: b must
// not change while the Value is used.
func TextValue(n *schemas.Node, b []byte) Value { return Value{Node: n, Text: bytesAsString(b)} }
