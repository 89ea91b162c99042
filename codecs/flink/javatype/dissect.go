package javatype

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// CheckNull says, as StoreNull does, whether null can stand for a value of t.
func (t *Type) CheckNull() error {
	if !t.Nullable() {
		return fmt.Errorf("null for a %s that is never null", t.JavaName())
	}
	return nil
}

// DissectScalar reads a value as ReadScalar does and forgets it. Behind each of its parts it calls part, with what the bytes
// say, and whether that is the length of what follows.
func (t *Type) DissectScalar(r *dataio.Reader, part func(length bool, text string)) error {
	if t.Class == String {
		_, err := DissectString(r, part)
		return err
	}
	begin, v := r.Offset(), t.Value.Alloc()
	if err := t.ReadScalar(r, v); err != nil {
		return err
	}
	end := r.Offset()
	r.Seek(begin)
	switch t.Class {
	case Bytes:
		n, err := r.Int()
		if err != nil {
			return err
		}
		part(true, plural.Count(int(n), "byte"))
	case BigDecimal:
		return t.dissectDecimal(r, end, t.Text(v), part)
	}
	r.Seek(end)
	part(false, t.Text(v))
	return nil
}

// DissectString reads a string as StringSerializer writes it. Behind its length and its characters it calls part, with what the
// bytes say.
func DissectString(r *dataio.Reader, part func(length bool, text string)) (string, error) {
	begin := r.Offset()
	s, err := r.String()
	if err != nil {
		return "", err
	}
	end := r.Offset()
	r.Seek(begin)
	units, err := r.Leb()
	if err != nil {
		return "", err
	}
	part(true, plural.Count(int(units)-1, "character"))
	r.Seek(end)
	part(false, access.ScalarJSON(schemas.String, 0, s))
	return s, nil
}

// scaleSize are the bytes of the scale, behind the unscaled value of a BigDecimal.
const scaleSize = 4

// dissectDecimal reads the parts of a BigDecimal that ends at end. A short form has no length.
func (t *Type) dissectDecimal(r *dataio.Reader, end int, text string, part func(length bool, text string)) error {
	n, err := r.Int()
	if err != nil {
		return err
	}
	if n > int32(len(constants)) {
		part(true, plural.Count(int(n)-4, "byte"))
	}
	r.Seek(end - scaleSize)
	part(false, text)
	r.Seek(end)
	part(false, fmt.Sprintf("scale %d", t.Value.Node.Scale))
	return nil
}
