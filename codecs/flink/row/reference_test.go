package row_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/flink/flinktest"
)

// A second reading of the format writes what Flink wrote, and what this package does.
func TestReference(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			flinktest.Golden(t, "../testdata/vectors", f.Name)
			flinktest.Golden(t, "../testdata/cases", f.Name)
			flinktest.Check(t, f)
		})
	}
}
