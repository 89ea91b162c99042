package results

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every key of a header and of a # line has a field, and is read back from where it was written.
func TestEveryKey(t *testing.T) {
	var h Header
	for _, k := range headerKeys {
		*k.field(&h) = "value of " + k.key
	}
	h.Other = []Fact{{"pkg", "example.com/x"}}
	var facts Facts
	for _, k := range append(factKeys.above, factKeys.below...) {
		*k.field(&facts) = "value of " + k.key
	}
	facts.Codecs = []CodecFact{{Name: "avro"}, {"json", GroupFlink, "std", "go1.26.8", []string{"Branch", "NullZero"}, "more"}}
	facts.Exchanges = []ExchangeFact{{"local", 13}, {"kafka", 0}}
	facts.Keys = []KeyFact{{"shop.Order", "customer,item.id"}}
	facts.Samples = []SampleFact{{"shop.Order", "24 of 100 records of a b.avro"}}
	facts.Routes = []RouteFact{{"shop.Order", [2]float64{0.5, 1.0 / 3}, [2]float64{0.75, 0}}}
	facts.Sinks = []SinkFact{{"shop.Order", 200, 40, 61}}
	facts.Limits = []string{"one", "two"}
	facts.Other = []Fact{{"commit", "another"}, {"mood", "good"}, {"exchange local", "framing=many"}, {"exchange far", "framing=007"}, {"codec", "x"}}
	want := &File{Header: h, Facts: facts}
	var b bytes.Buffer
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&b, "f")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
}

// The lines of a file are the ones that committed files have.
func TestFactLines(t *testing.T) {
	facts := Facts{
		Codecs:    []CodecFact{{"json", "", "std", "go1.26.8", []string{"Branch"}, ""}, {Name: "pojo", Group: GroupFlink}, {Name: "avro"}},
		Exchanges: []ExchangeFact{{"local", 13}}, Keys: []KeyFact{{"shop.Order", "id"}}, Guesses: []GuessFact{{"shop.Order", 3, 14}}, Limits: []string{"not pinned"},
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, Header{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Facts(facts); err != nil {
		t.Fatal(err)
	}
	want := `# codec json: module=std version=go1.26.8 loses=Branch
# codec pojo: group=flink
# codec avro: 
# exchange local: framing=13
# key shop.Order: id
# invented shop.Order: 3 of 14
# limit: not pinned
`
	_, got, _ := strings.Cut(b.String(), "Unit Ir/op assume=exact better=lower\n")
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := facts.Codec("gob"); got.Name != "gob" || got.Group != "" {
		t.Errorf("a codec without a line: got %+v", got)
	}
	if x, ok := facts.Exchange("local"); !ok || x.Framing != 13 {
		t.Errorf("exchange local: got %+v, %v", x, ok)
	}
	if got := facts.Key("shop.Order") + facts.Key("other"); got != "id" {
		t.Errorf("keys: got %q, want id", got)
	}
}

func TestOneLayout(t *testing.T) {
	for layout, want := range map[string]bool{"": true, LayoutFixed: true, "random 4": false} {
		h := Header{Layout: layout}
		if got := h.OneLayout(); got != want {
			t.Errorf("layout %q: got %v, want %v", layout, got, want)
		}
	}
}
