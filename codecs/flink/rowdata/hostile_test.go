package rowdata_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
)

// An array announces elements that are many times as large in memory as their 8 bytes of slot. Each of them needs more
// than the slot: what is made for them is bounded by the input.
func TestWideElements(t *testing.T) {
	doubles := make([]string, 100)
	for i := range doubles {
		doubles[i] = fmt.Sprintf(`{"name": "d%d", "type": "double"}`, i)
	}
	wide := `{"type": "record", "name": "Wide", "fields": [` + strings.Join(doubles, ", ") + `]}`
	for _, elem := range []string{
		wide, `{"type": "record", "name": "Outer", "fields": [{"name": "w", "type": ` + wide + `}]}`, `{"type": "fixed", "name": "F", "size": 1000}`,
	} {
		for _, kind := range []string{`{"type": "array", "items": ` + elem + `}`, `{"type": "map", "values": ` + elem + `}`} {
			const n = 1000
			c, typ := open(t, oneField(kind))
			src := hostileElements(n, strings.Contains(kind, `"map"`))
			var err error
			used := codectest.Allocated(func() { err = c.Decode(src, typ.New()) })
			if err == nil || used > uint64(4096+64*len(src)) {
				t.Errorf("%.60s: %d bytes allocated for %d, error %v", kind, used, len(src), err)
			}
		}
	}
}

// hostileElements is a row with an array of n elements, or a map, in which all slots are zero.
func hostileElements(n int, isMap bool) []byte {
	array := binary.LittleEndian.AppendUint32(nil, uint32(n))
	array = append(array, make([]byte, (n+31)/32*4+8*n)...)
	array = append(array, make([]byte, (8-len(array)%8)%8)...)
	part := array
	if isMap {
		keys := array
		part = append(append(binary.LittleEndian.AppendUint32(nil, uint32(len(keys))), keys...), array...)
	}
	size := len(part)
	part = append(part, make([]byte, (8-size%8)%8)...)
	src := binary.BigEndian.AppendUint32(nil, uint32(16+len(part)))
	src = append(src, make([]byte, 8)...)
	src = binary.LittleEndian.AppendUint64(src, 16<<32|uint64(size))
	return append(src, part...)
}
