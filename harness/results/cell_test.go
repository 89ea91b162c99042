package results

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// bid returns a codec cell of nexmark.Bid.
func bid(codec, op string) Cell {
	return Cell{Schema: "nexmark.Bid", Codec: codec, Runtime: "go", Op: op, Procs: 1}
}

// move returns an exchange cell of nexmark.Bid.
func move(codec, exchange string, keybys int) Cell {
	return Cell{Schema: "nexmark.Bid", Codec: codec, Runtime: "go", Op: "move", Exchange: exchange, Keybys: keybys, Procs: 2}
}

func TestName(t *testing.T) {
	for _, tt := range []struct {
		cell Cell
		want string
	}{
		{bid("avro", "encode"), "BenchmarkCodec/schema=nexmark.Bid/codec=avro/runtime=go/op=encode"},
		{bid("avro", "decode-reuse").Twin(), "BenchmarkCodec/schema=nexmark.Bid/codec=avro.aa/runtime=go/op=decode-reuse"},
		{move("pojo", "local", 2), "BenchmarkExchange/schema=nexmark.Bid/codec=pojo/runtime=go/exchange=local/keybys=2x/op=move-2"},
		{move("none", "chain", 0), "BenchmarkExchange/schema=nexmark.Bid/codec=none/runtime=go/exchange=chain/keybys=0x/op=move-2"},
		{bid("none", "hash"), "BenchmarkCodec/schema=nexmark.Bid/codec=none/runtime=go/op=hash"},
		{Cell{Foreign: "BenchmarkAppend/size=8-4"}, "BenchmarkAppend/size=8-4"},
	} {
		if got := tt.cell.Name(); got != tt.want {
			t.Errorf("got name %s, want %s", got, tt.want)
		}
		if got := ParseName(tt.want); got != tt.cell {
			t.Errorf("%s reads as %#v, want %#v", tt.want, got, tt.cell)
		}
	}
}

func TestForeignNames(t *testing.T) {
	for _, name := range []string{
		"Benchmark",
		"BenchmarkCodec",
		"BenchmarkCodec/schema=a/codec=b/runtime=go",
		"BenchmarkCodec/codec=b/schema=a/runtime=go/op=encode",
		"BenchmarkCodec/schema=a/codec=b/runtime=go/op=encode/x=y",
		"BenchmarkCodec/schema=a/codec=b/runtime=go/op=encode-02",
		"BenchmarkExchange/schema=a/codec=b/runtime=go/exchange=local/keybys=02x/op=move",
		"BenchmarkOther/schema=a/codec=b/runtime=go/op=encode",
	} {
		if got, want := ParseName(name), (Cell{Foreign: name}); got != want {
			t.Errorf("%s reads as %#v, want a foreign cell", name, got)
		}
	}
}

func TestCheckCell(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(*Cell)
		want string // part of the error
	}{
		{"slash", func(c *Cell) { c.Codec = "a/b" }, `codec "a/b"`},
		{"space", func(c *Cell) { c.Schema = "my record" }, `schema "my record"`},
		{"empty", func(c *Cell) { c.Op = "" }, `op ""`},
		{"digits", func(c *Cell) { c.Op = "encode-2" }, "GOMAXPROCS 2"},
		{"no procs", func(c *Cell) { c.Procs = 0 }, "procs 0"},
		{"keybys of a codec", func(c *Cell) { c.Keybys = 1 }, "keybys 1"},
	} {
		c := bid("avro", "encode")
		if err := c.Check(); err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		tt.edit(&c)
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

// Every cell that passes Check reads back from its name.
func TestNameRoundTrip(t *testing.T) {
	word := rapid.StringMatching(`[a-z0-9.=_-]{1,8}`)
	rapid.Check(t, func(t *rapid.T) {
		c := Cell{Schema: word.Draw(t, "schema"), Codec: word.Draw(t, "codec"), Runtime: word.Draw(t, "runtime"),
			Op: word.Draw(t, "op"), Procs: rapid.IntRange(1, 64).Draw(t, "procs")}
		if rapid.Bool().Draw(t, "exchange") {
			c.Exchange, c.Keybys = word.Draw(t, "kind"), rapid.IntRange(0, 9).Draw(t, "keybys")
		}
		if got := ParseName(c.Name()); c.Check() == nil && got != c {
			t.Fatalf("%s reads as %#v, want %#v", c.Name(), got, c)
		}
	})
}

func TestTwin(t *testing.T) {
	c := bid("avro", "encode")
	if c.IsTwin() || !c.Twin().IsTwin() || c.Twin().Original() != c || c.Original() != c {
		t.Errorf("twin of %s is %s, its original %s", c, c.Twin(), c.Twin().Original())
	}
}

// The hash is measured side by side with the exchanges, accesses to state with each other, all else of codecs with its op.
func TestBlock(t *testing.T) {
	exchanges := move("avro", "local", 2).Block()
	for _, tt := range []struct {
		cell Cell
		want Block
	}{
		{move("none", "chain", 0), exchanges},
		{bid(NoCodec, OpHash), exchanges},
		{bid("avro", "encode"), Block{"nexmark.Bid", "go", "encode", false}},
		{bid("avro", "encode").Twin(), Block{"nexmark.Bid", "go", "encode", false}},
		{bid("pojo", "state.heap.list.4x"), Block{"nexmark.Bid", "go", OpState, false}},
		{bid("kryo", "state.rocksdb.value-update.ttl"), Block{"nexmark.Bid", "go", OpState, false}},
		{Cell{Foreign: "BenchmarkX"}, Block{Schema: "BenchmarkX"}},
	} {
		if got := tt.cell.Block(); got != tt.want {
			t.Errorf("%s: got block %+v, want %+v", tt.cell, got, tt.want)
		}
	}
}
