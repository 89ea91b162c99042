package codecs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

// enums returns n enums, as branches of a union.
func enums(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`{"type":"enum","name":"E%d","symbols":["A"]}`, i)
	}
	return strings.Join(list, ",")
}

// Who refuses a schema for one of its fields names it.
func TestReflectedNamesField(t *testing.T) {
	for _, tt := range []struct{ fields, want string }{
		{`{"name":"a","type":"int"},{"name":"kids","type":{"type":"array","items":"R"}},{"name":"b","type":["null","R"]}`,
			"R: field kids[] has record R inside itself, which is recursive: needs generated types: not supported"},
		{`{"name":"s","type":{"type":"record","name":"S","fields":[{"name":"u","type":[` + enums(9) + `]}]}}`,
			"R: s: u: a union has more than 8 enums, or fixed of one size: not supported"},
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
