// Package streams holds the built-in streams: named schemas with profiles of how their values are distributed, the
// declared Go types of their records, and their generated protobuf messages.
package streams

import (
	"embed"
	"fmt"

	"github.com/wirecost/wirecost/internal/near"
	"github.com/wirecost/wirecost/schemas"
	generated "github.com/wirecost/wirecost/schemas/streams/generated"
)

//go:generate go run generate.go

//go:embed *.avsc
var files embed.FS

// A stream is a schema file, called name.avsc, and what binds it to its generated code.
type stream struct {
	name string
	bind func(*schemas.Schema) (*schemas.Schema, error)
}

// all lists the streams, in the order in which reports show them.
var all = []stream{
	{"nexmark.Person", generated.BindNexmarkPerson},
	{"nexmark.Auction", generated.BindNexmarkAuction},
	{"nexmark.Bid", generated.BindNexmarkBid},
	{"ysb.AdEvent", generated.BindYsbAdEvent},
	{"taxi.TaxiRide", generated.BindTaxiTaxiRide},
	{"taxi.TaxiFare", generated.BindTaxiTaxiFare},
	{"otel.Span", generated.BindOtelSpan},
	{"cloudevents.CloudEvent", generated.BindCloudeventsCloudEvent},
	{"wikipedia.RecentChange", generated.BindWikipediaRecentChange},
	{"github.Event", generated.BindGithubEvent},
	{"clickstream.Click", generated.BindClickstreamClick},
	{"pageviews.PageView", generated.BindPageviewsPageView},
	{"orders.Order", generated.BindOrdersOrder},
	{"stock.Trade", generated.BindStockTrade},
	{"iot.ActivePower", generated.BindIotActivePower},
	{"iot.Metric", generated.BindIotMetric},
	{"flink.MyPojo", generated.BindFlinkMyPojo},
	{"media.MediaContent", generated.BindMediaMediaContent},
	{"log.WebLog", generated.BindLogWebLog},
	{"shape.NarrowInts", generated.BindShapeNarrowInts},
	{"shape.Wide60", generated.BindShapeWide60},
	{"shape.StringHeavy", generated.BindShapeStringHeavy},
	{"shape.NestedDeep", generated.BindShapeNestedDeep},
	{"shape.CollectionHeavy", generated.BindShapeCollectionHeavy},
	{"shape.UnionHeavy", generated.BindShapeUnionHeavy},
}

// Names returns the names of the streams, in the order in which reports show them.
func Names() []string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.name
	}
	return names
}

// Get returns the schema of a stream, bound to its generated Go types and messages. It is made anew at each call.
func Get(name string) (*schemas.Schema, error) {
	for _, s := range all {
		if s.name == name {
			return s.schema()
		}
	}
	return nil, fmt.Errorf("unknown stream %q: %s", name, near.Hint(name, Names()))
}

func (s stream) schema() (*schemas.Schema, error) {
	text, err := files.ReadFile(s.name + ".avsc")
	if err != nil {
		return nil, err
	}
	schema, err := schemas.Parse(s.name+".avsc", text, "")
	if err != nil {
		return nil, err
	}
	return s.bind(schema.As(s.name))
}
