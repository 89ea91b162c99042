package explain_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/explain"
)

// The names that Kryo writes are counted: that of the record's class never, those of an array and of its elements once each. A
// POJO of this record has a field that is always null.
func TestNames(t *testing.T) {
	const kryo = " with Kryo (pipeline.serialization-config), which keeps Kryo and drops its name: "
	want := []string{
		"2 kryo: 2 names of 55 characters, 550 ns",
		"registering wirecost.flink.MyOperation" + kryo + "29 B, 260 ns",
		"then registering wirecost.flink.MyOperation[]" + kryo + "30 B, 290 ns",
		"shorter names of your packages and classes: each character of each: 2 B, 20 ns",
	}
	var got []string
	for _, n := range report(t, stream(t, "flink.MyPojo"), config(explain.Lines[1])).Names {
		got = append(got, fmt.Sprintf("%s %s: %v names of %v characters, %v ns", n.Flink, n.Codec, n.Count, n.Characters, *n.Time))
		for _, m := range n.Remedies {
			got = append(got, fmt.Sprintf("%s: %v B, %v ns", m.Text, *m.Saves, *m.Time))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if r := report(t, stream(t, "nexmark.Bid"), config()); len(r.Names) > 0 {
		t.Errorf("got %+v, want no names of a record of scalars", r.Names)
	}
}
