// Package typeinfo is what Flink's type extraction makes of a Java type: the serializer of each place in a record, in each
// line of Flink, and in words for people why one is Kryo, what helps, and which faults of Flink values meet. What
// serializers write is in the packages of the formats.
package typeinfo

import (
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
)

// A Serializer is what Flink chooses for a type: the classes of its type information and of its serializer, and whether
// that is Kryo.
type Serializer struct {
	Info, Name string
	Kryo       bool
}

var kryo = Serializer{"GenericTypeInfo", "KryoSerializer", true}

// own are the serializers of the classes that have one of their own, whatever is around them.
var own = map[javatype.Class]Serializer{
	javatype.Boolean:      {Info: "BasicTypeInfo", Name: "BooleanSerializer"},
	javatype.Byte:         {Info: "IntegerTypeInfo", Name: "ByteSerializer"},
	javatype.Short:        {Info: "IntegerTypeInfo", Name: "ShortSerializer"},
	javatype.Int:          {Info: "IntegerTypeInfo", Name: "IntSerializer"},
	javatype.Long:         {Info: "IntegerTypeInfo", Name: "LongSerializer"},
	javatype.Float:        {Info: "FractionalTypeInfo", Name: "FloatSerializer"},
	javatype.Double:       {Info: "FractionalTypeInfo", Name: "DoubleSerializer"},
	javatype.String:       {Info: "BasicTypeInfo", Name: "StringSerializer"},
	javatype.Bytes:        {Info: "PrimitiveArrayTypeInfo", Name: "BytePrimitiveArraySerializer"},
	javatype.Enum:         {Info: "EnumTypeInfo", Name: "EnumSerializer"},
	javatype.Pojo:         {Info: "PojoTypeInfo", Name: "PojoSerializer"},
	javatype.List:         {Info: "NullableListTypeInfo", Name: "NullableSerializer"},
	javatype.Map:          {Info: "NullableMapTypeInfo", Name: "NullableSerializer"},
	javatype.Instant:      {Info: "BasicTypeInfo", Name: "InstantSerializer"},
	javatype.UtilDate:     {Info: "BasicTypeInfo", Name: "DateSerializer"},
	javatype.SQLTimestamp: {Info: "SqlTimeTypeInfo", Name: "SqlTimestampSerializer"},
	javatype.BigDecimal:   {Info: "BasicTypeInfo", Name: "BigDecSerializer"},
	javatype.Void:         {Info: "BasicTypeInfo", Name: "VoidSerializer"},
}

// primitiveArrays are the beginnings of the names of the serializers of primitive arrays.
var primitiveArrays = [...]string{
	javatype.Boolean: "Boolean", javatype.Byte: "Byte", javatype.Short: "Short", javatype.Int: "Int", javatype.Long: "Long",
	javatype.Float: "Float", javatype.Double: "Double",
}

// An Extractor is Flink's TypeExtractor at some place in a record. The zero Extractor is that of 2.x at the root.
type Extractor struct {
	Line javatype.Line
	// open are the records that the extractor is inside of, outer those that the extractors around it are: the type
	// arguments of a collection are analysed by a fresh one.
	open, outer []*javatype.Record
}

// Choose returns the serializer of t. The error is of types that Flink 2.x cannot analyse at all.
func (x Extractor) Choose(t *javatype.Type) (Serializer, error) {
	switch t.Class {
	case javatype.List, javatype.Map:
		if x.Line == javatype.Flink1 || parameterized(t.Elem) {
			return kryo, nil
		}
	case javatype.Array:
		return arraySerializer(t.Elem), nil
	case javatype.Pojo:
		switch {
		case len(t.Record.Fields) == 0, slices.Contains(x.open, t.Record):
			return kryo, nil
		case slices.Contains(x.outer, t.Record):
			return Serializer{}, fmt.Errorf("%s is inside itself through a List or a Map, which Flink 2.x cannot type (StackOverflowError): %w", t.Name, schemas.ErrUnsupported)
		}
	}
	if s, ok := own[t.Class]; ok {
		return s, nil
	}
	return kryo, nil
}

func arraySerializer(elem *javatype.Type) Serializer {
	switch {
	case elem.Primitive():
		return Serializer{Info: "PrimitiveArrayTypeInfo", Name: primitiveArrays[elem.Class] + "PrimitiveArraySerializer"}
	case elem.Class == javatype.String:
		return Serializer{Info: "BasicArrayTypeInfo", Name: "StringArraySerializer"}
	case elem.Wrapper():
		return Serializer{Info: "BasicArrayTypeInfo", Name: "GenericArraySerializer"}
	}
	return Serializer{Info: "ObjectArrayTypeInfo", Name: "GenericArraySerializer"}
}

// parameterized reports whether t has type arguments: as the argument of a collection it leaves that to Kryo.
func parameterized(t *javatype.Type) bool {
	switch t.Class {
	case javatype.List, javatype.Map:
		return true
	case javatype.Array:
		return parameterized(t.Elem)
	}
	return false
}

// Into returns the extractor of the fields of r.
func (x Extractor) Into(r *javatype.Record) Extractor {
	x.open = append(slices.Clip(x.open), r)
	return x
}

// Argument returns the extractor of the type arguments of a collection.
func (x Extractor) Argument() Extractor {
	x.outer = append(slices.Clip(x.outer), x.open...)
	x.open = nil
	return x
}

// Walk calls visit for t, at path, and for each place inside it that Flink gives a serializer of its own. Fields are
// behind dots, elements are [], keys and values {key} and {value}; the root is ".".
func (x Extractor) Walk(path string, t *javatype.Type, visit func(path string, t *javatype.Type, s Serializer)) error {
	s, err := x.Choose(t)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	visit(path, t, s)
	switch {
	case s.Kryo:
		return nil
	case t.Class == javatype.Pojo:
		return x.walkFields(path, t.Record, visit)
	case t.Class == javatype.List:
		return x.Argument().Walk(path+"[]", t.Elem, visit)
	case t.Class == javatype.Map:
		visit(path+"{key}", key, own[javatype.String])
		return x.Argument().Walk(path+"{value}", t.Elem, visit)
	case t.Class == javatype.Array && !t.Elem.Primitive():
		return x.Walk(path+"[]", t.Elem, visit)
	}
	return nil
}

// key is the type of a map's keys, which have no place in a record.
var key = &javatype.Type{Class: javatype.String}

func (x Extractor) walkFields(path string, r *javatype.Record, visit func(path string, t *javatype.Type, s Serializer)) error {
	path += "."
	if path == ".." {
		path = ""
	}
	for _, f := range r.Fields {
		if err := x.Into(r).Walk(path+f.Name, f.Type, visit); err != nil {
			return err
		}
	}
	return nil
}
