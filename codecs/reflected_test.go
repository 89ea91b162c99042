package codecs_test

import (
	"errors"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

// Who refuses a schema for one of its fields names it.
func TestReflectedNamesField(t *testing.T) {
	for _, tt := range []struct{ fields, want string }{
		{`{"name":"a","type":"int"},{"name":"kids","type":{"type":"array","items":"R"}},{"name":"b","type":["null","R"]}`,
			"R: field kids[] has record R inside itself, which is recursive: needs generated types: not supported"},
		{`{"name":"s","type":{"type":"record","name":"S","fields":[{"name":"u","type":[{"type":"enum","name":"E","symbols":["A"]},{"type":"enum","name":"F","symbols":["A"]}]}]}}`,
			"R: s: u: a union has the branches E and F, which are the same Go type: not supported"},
	} {
		s, err := schemas.Parse("r.avsc", []byte(`{"type":"record","name":"R","fields":[`+tt.fields+`]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := codecs.Reflected(s); err == nil || err.Error() != tt.want || !errors.Is(err, schemas.ErrUnsupported) {
			t.Errorf("%s: got error %v, want %s", tt.fields, err, tt.want)
		}
	}
}
