package schemas

import (
	"fmt"
	"testing"
)

func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		kind          Kind
		name, noun    string
		named, scalar bool
	}{
		{Null, "null", "a null", false, true}, {Boolean, "boolean", "a boolean", false, true}, {Int, "int", "an int", false, true},
		{Long, "long", "a long", false, true}, {Float, "float", "a float", false, true}, {Double, "double", "a double", false, true},
		{Bytes, "bytes", "a bytes", false, true}, {String, "string", "a string", false, true}, {Fixed, "fixed", "a fixed", true, true},
		{Enum, "enum", "an enum", true, true}, {Array, "array", "an array", false, false}, {Map, "map", "a map", false, false},
		{Union, "union", "a union", false, false}, {Record, "record", "a record", true, false},
	} {
		k := tt.kind
		if k.String() != tt.name || k.Noun() != tt.noun || k.Named() != tt.named || k.Scalar() != tt.scalar {
			t.Errorf("kind %d: got %s, %s, named %v, scalar %v", k, k, k.Noun(), k.Named(), k.Scalar())
		}
	}
}

// A logical type counts on its base type, and is ignored on others, as are those that nobody knows.
func TestLogicals(t *testing.T) {
	on := map[Logical]Kind{UUID: String, Date: Int, TimeMillis: Int, TimeMicros: Long, TimestampMillis: Long, TimestampMicros: Long,
		LocalTimestampMillis: Long, LocalTimestampMicros: Long, TimestampNanos: Long, LocalTimestampNanos: Long}
	for l := UUID; l <= LocalTimestampNanos; l++ {
		for k := Boolean; k <= String; k++ {
			s, err := Parse("x.avsc", []byte(record(fmt.Sprintf(`{"name": "f", "type": {"type": %q, "logicalType": %q}}`, k, l))), "")
			if err != nil {
				t.Fatal(err)
			}
			want := NoLogical
			if on[l] == k {
				want = l
			}
			if got := s.Root.Fields[0].Type.Logical; got != want {
				t.Errorf("%s on %s: got %q, want %q", l, k, got, want)
			}
		}
	}
	for _, tt := range []struct {
		typ       string
		want      Logical
		precision int
		scale     int
	}{
		{`{"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 9}`, Decimal, 9, 9},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 2147483647}`, Decimal, 1<<31 - 1, 0},
		{`{"type": "bytes", "logicalType": "decimal"}`, NoLogical, 0, 0},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 0}`, NoLogical, 0, 0},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 3, "scale": -1}`, NoLogical, 0, 0},
		{`{"type": "bytes", "logicalType": "decimal", "precision": "3"}`, NoLogical, 0, 0},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 3.5}`, NoLogical, 0, 0},
		{`{"type": "fixed", "name": "F", "size": 4, "logicalType": "decimal", "precision": 9}`, Decimal, 9, 0},
		{`{"type": "fixed", "name": "F", "size": 4, "logicalType": "decimal", "precision": 10}`, NoLogical, 0, 0},
		{`{"type": "int", "logicalType": "decimal", "precision": 3}`, NoLogical, 0, 0},
		{`{"type": "string", "logicalType": "date"}`, NoLogical, 0, 0},
		{`{"type": "int", "logicalType": "week"}`, NoLogical, 0, 0},
		{`{"type": "int", "logicalType": 7}`, NoLogical, 0, 0},
		{`{"type": "long", "logicalType": ""}`, NoLogical, 0, 0},
	} {
		s, err := Parse("x.avsc", []byte(record(`{"name": "f", "type": `+tt.typ+`}`)), "")
		if err != nil {
			t.Fatal(err)
		}
		if n := s.Root.Fields[0].Type; n.Logical != tt.want || n.Precision != tt.precision || n.Scale != tt.scale {
			t.Errorf("%s: got %q, precision %d, scale %d, want %q, %d, %d", tt.typ, n.Logical, n.Precision, n.Scale, tt.want, tt.precision, tt.scale)
		}
	}
}

func TestUnions(t *testing.T) {
	for _, tt := range []struct {
		typ      string
		null     int
		nullable string // the branch, "" if it is none
		many     bool
		path     string // of its last branch
	}{
		{`["null", "int"]`, 0, "int", false, "f"},
		{`["int", "null"]`, 1, "int", false, "f"},
		{`["null"]`, 0, "", false, "f"},
		{`["int"]`, -1, "", false, "f"},
		{`[]`, -1, "", false, ""},
		{`["int", "string"]`, -1, "", true, "f|string"},
		{`["int", "null", "string"]`, 1, "", true, "f|string"},
		{`["null", "int", {"type": "map", "values": "int"}]`, 0, "", true, "f|map"},
		{`["int", {"type": "fixed", "name": "F", "size": 1}]`, -1, "", true, "f|n.F"},
	} {
		s, err := Parse("x.avsc", []byte(record(`{"name": "f", "type": `+tt.typ+`}`)), "")
		if err != nil {
			t.Fatal(err)
		}
		n := s.Root.Fields[0].Type
		b, ok := n.Nullable()
		if n.NullBranch() != tt.null || n.Many() != tt.many || ok != (tt.nullable != "") || ok && b.BranchName() != tt.nullable {
			t.Errorf("%s: got null %d, many %v, nullable %v %v", tt.typ, n.NullBranch(), n.Many(), b, ok)
		}
		if k := len(n.Branches); k > 0 && n.BranchPath("f", n.Branches[k-1]) != tt.path {
			t.Errorf("%s: the path of its last branch is %s, want %s", tt.typ, n.BranchPath("f", n.Branches[k-1]), tt.path)
		}
	}
}

// Walk ends at the first error, which it returns.
func TestWalkError(t *testing.T) {
	s, err := Parse("tree.avsc", []byte(treeSchema), "")
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for stop := range 17 {
		steps = 0
		err := s.Root.Walk(func(path string, n *Node) error {
			if steps++; steps == stop+1 {
				return fmt.Errorf("stop at %s", path)
			}
			return nil
		})
		if (err == nil) != (stop == 16) || steps != min(stop+1, 16) {
			t.Errorf("stopped at node %d: got error %v after %d nodes", stop+1, err, steps)
		}
	}
}
