package keyedstate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness/keyedstate"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

func compile(t *testing.T, s *schemas.Schema, err error) *records.Source {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// parts are the bytes of a report's parts.
func parts(r *keyedstate.Report) map[string]float64 {
	bytes := map[string]float64{}
	for _, p := range r.Parts {
		bytes[p.Of+" "+p.Name] = p.Bytes
	}
	return bytes
}

// A record of two longs is 19 bytes as a POJO: 1, and 1+8 for each.
func TestParts(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "a", "type": "long"}, {"name": "b", "type": "long"}]}`), "")
	plan := compile(t, s, err)
	for _, tt := range []struct {
		cfg            keyedstate.Config
		want           map[string]float64
		entry, million float64
	}{
		{keyedstate.Config{}, map[string]float64{"key key group": 1, "key key": 8, "key namespace": 1, "value record": 19}, 29, 29e6},
		{keyedstate.Config{Kind: state.Reducing, MaxParallelism: 129}, map[string]float64{"key key group": 2, "key key": 8, "key namespace": 1, "value record": 19}, 30, 30e6},
		{keyedstate.Config{Kind: state.List, Elements: 3, TTL: true},
			map[string]float64{"key key group": 1, "key key": 8, "key namespace": 1, "value last access": 24, "value record": 57, "value delimiters": 2}, 93, 93e6},
		{keyedstate.Config{Kind: state.Map, Elements: 10, UserKey: "b"},
			map[string]float64{"key key group": 1, "key key": 8, "key namespace": 1, "key user key": 8, "value null": 1, "value record": 19}, 38, 380e6},
		{keyedstate.Config{Kind: state.Timer, Window: true}, map[string]float64{"key key group": 1, "key timestamp": 8, "key key": 8, "key namespace": 16}, 33, 33e6},
	} {
		tt.cfg.Format, tt.cfg.Key, tt.cfg.Seed, tt.cfg.Records = pojo.Format, []string{"a"}, 1, 8
		r, err := keyedstate.Of(plan, tt.cfg)
		if err != nil {
			t.Errorf("%s: %v", tt.cfg.Kind, err)
			continue
		}
		if diff := cmp.Diff(tt.want, parts(r)); diff != "" || r.Entry != tt.entry || r.Million != tt.million {
			t.Errorf("%s: got %v B an entry and %v a million keys, want %v and %v; parts (-want +got):\n%s", tt.cfg.Kind, r.Entry, r.Million, tt.entry, tt.million, diff)
		}
	}
}

// The value of a state is the record as its codec writes it, in every stream.
func TestValues(t *testing.T) {
	for _, tt := range []struct {
		stream, key string
		line        javatype.Line
		format      codecs.Format
		keyType     string
	}{
		{"nexmark.Bid", "auction", javatype.Flink2, pojo.Format, "long"},
		{"nexmark.Bid", "auction,channel", javatype.Flink1, pojo.Flink1, "long, java.lang.String"},
		{"orders.Order", "order_id", javatype.Flink2, pojo.Format, "long"},
	} {
		s, err := streams.Get(tt.stream)
		plan := compile(t, s, err)
		r, err := keyedstate.Of(plan, keyedstate.Config{Format: tt.format, Line: tt.line, Key: strings.Split(tt.key, ","), Seed: 1, Records: 16})
		if err != nil {
			t.Errorf("%s: %v", tt.stream, err)
			continue
		}
		p, err := codecs.Open(tt.format, s)
		if err != nil {
			t.Fatal(err)
		}
		sum, gen := 0, plan.Generator(1)
		for i := range uint64(16) {
			b, err := p.Encode(gen.New(i))
			if err != nil {
				t.Fatal(err)
			}
			sum += len(b)
		}
		if want := float64(sum) / 16; parts(r)["value record"] != want || r.KeyType != tt.keyType || r.Key != tt.key {
			t.Errorf("%s: got %+v, want %v B a record and key %s of %s", tt.stream, r, want, tt.key, tt.keyType)
		}
	}
}

func TestRefuses(t *testing.T) {
	s, err := streams.Get("nexmark.Bid")
	plan := compile(t, s, err)
	for _, tt := range []struct {
		cfg  keyedstate.Config
		want string
	}{
		{keyedstate.Config{Key: []string{"auction"}}, "no records"},
		{keyedstate.Config{Key: []string{"nope"}, Records: 1}, "nope"},
		{keyedstate.Config{Key: []string{"auction"}, Kind: state.Map, UserKey: "nope", Records: 1}, "nope"},
	} {
		tt.cfg.Format = pojo.Format
		if _, err := keyedstate.Of(plan, tt.cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: got error %v, want one with %q", tt.cfg, err, tt.want)
		}
	}
}

func TestPhrase(t *testing.T) {
	for _, tt := range []struct {
		kind state.Kind
		want string
	}{{state.Value, "a value state"}, {state.Aggregating, "an aggregating state"}} {
		if got := keyedstate.Phrase(tt.kind); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
