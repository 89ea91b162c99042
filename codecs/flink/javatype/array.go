package javatype

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/schemas/access"
)

// AppendPrimitives appends the array of type t at v, whose elements are primitives, as the serializers of primitive
// arrays do: u32 n and the elements.
func (t *Type) AppendPrimitives(dst []byte, v access.Ref) ([]byte, error) {
	first, count := v.Slice()
	dst = dataio.AppendInt(dst, int32(count))
	plain := t.Elem.Plain()
	for i := range count {
		v, err := first.At(uintptr(i)*t.Value.Elem.Size), error(nil)
		if !plain {
			v, err = t.Elem.LoadNull(v)
		}
		if err == nil {
			dst, err = t.Elem.AppendScalar(dst, v)
		}
		if err != nil {
			return dst, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return dst, nil
}

// ReadPrimitives undoes AppendPrimitives.
func (t *Type) ReadPrimitives(r *dataio.Reader, v access.Ref) error {
	count, err := r.Count(t.Elem.LeastScalar())
	if err != nil {
		return err
	}
	first := t.Value.MakeSlice(v, count)
	for i := range count {
		if err := t.Elem.ReadScalar(r, t.Elem.Store(first.At(uintptr(i)*t.Value.Elem.Size))); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// AppendStrings appends the String[] of type t at v as StringArraySerializer does: u32 n and the elements, 00 for null.
func (t *Type) AppendStrings(dst []byte, v access.Ref) ([]byte, error) {
	first, count := v.Slice()
	dst = dataio.AppendInt(dst, int32(count))
	if !t.Elem.Plain() {
		return t.appendNullStrings(dst, first, count)
	}
	size := t.Value.Elem.Size
	for i := range count {
		dst = dataio.AppendString(dst, first.At(uintptr(i)*size).Text())
	}
	return dst, nil
}

func (t *Type) appendNullStrings(dst []byte, first access.Ref, count int) ([]byte, error) {
	for i := range count {
		v, err := t.Elem.LoadNull(first.At(uintptr(i) * t.Value.Elem.Size))
		switch {
		case err != nil:
			return dst, fmt.Errorf("[%d]: %w", i, err)
		case v.Nil():
			dst = append(dst, 0)
		default:
			dst = dataio.AppendString(dst, v.Text())
		}
	}
	return dst, nil
}

// ReadStrings undoes AppendStrings.
func (t *Type) ReadStrings(r *dataio.Reader, v access.Ref) error {
	count, err := r.Count(leastScalar[String])
	if err != nil {
		return err
	}
	first, size := t.Value.MakeSlice(v, count), t.Value.Elem.Size
	if !t.Elem.Plain() {
		return t.readNullStrings(r, first, count)
	}
	for i := range count {
		s, err := r.String()
		if err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
		first.At(uintptr(i) * size).SetText(s)
	}
	return nil
}

func (t *Type) readNullStrings(r *dataio.Reader, first access.Ref, count int) error {
	for i := range count {
		at := first.At(uintptr(i) * t.Value.Elem.Size)
		s, null, err := r.NullString()
		switch {
		case err != nil:
		case null:
			err = t.Elem.StoreNull(at)
		default:
			t.Elem.Store(at).SetText(s)
		}
		if err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}
