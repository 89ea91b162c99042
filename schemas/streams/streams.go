// Package streams holds the built-in streams: named schemas with profiles of how their values are distributed, the
// declared Go types of their records, and their generated protobuf messages.
package streams

import (
	"embed"
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/schemas"
)

//go:generate go run generate.go

//go:embed *.avsc
var files embed.FS

// A stream is a schema file, called name.avsc, and what binds it to its generated code.
type stream struct {
	name string
	bind func(*schemas.Schema) error
}

// all lists the streams, in the order in which reports show them.
var all = []stream{
	{"nexmark.Person", BindNexmarkPerson},
	{"nexmark.Auction", BindNexmarkAuction},
	{"nexmark.Bid", BindNexmarkBid},
	{"ysb.AdEvent", BindYsbAdEvent},
	{"taxi.TaxiRide", BindTaxiTaxiRide},
	{"taxi.TaxiFare", BindTaxiTaxiFare},
	{"otel.Span", BindOtelSpan},
	{"cloudevents.CloudEvent", BindCloudeventsCloudEvent},
	{"wikipedia.RecentChange", BindWikipediaRecentChange},
	{"github.Event", BindGithubEvent},
	{"clickstream.Click", BindClickstreamClick},
	{"pageviews.PageView", BindPageviewsPageView},
	{"orders.Order", BindOrdersOrder},
	{"stock.Trade", BindStockTrade},
	{"iot.ActivePower", BindIotActivePower},
	{"iot.Metric", BindIotMetric},
	{"flink.MyPojo", BindFlinkMyPojo},
	{"media.MediaContent", BindMediaMediaContent},
	{"log.WebLog", BindLogWebLog},
	{"shape.NarrowInts", BindShapeNarrowInts},
	{"shape.Wide60", BindShapeWide60},
	{"shape.StringHeavy", BindShapeStringHeavy},
	{"shape.NestedDeep", BindShapeNestedDeep},
	{"shape.CollectionHeavy", BindShapeCollectionHeavy},
	{"shape.UnionHeavy", BindShapeUnionHeavy},
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
	return nil, fmt.Errorf("unknown stream %q%s", name, near(name))
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
	schema.Name = s.name
	return schema, s.bind(schema)
}

// near proposes the names of streams for a mistyped one.
func near(name string) string {
	for _, s := range all {
		family, record, _ := strings.Cut(s.name, ".")
		if strings.EqualFold(s.name, name) || strings.EqualFold(record, name) || strings.EqualFold(family, name) {
			return fmt.Sprintf(": did you mean %q?", s.name)
		}
	}
	return ": there are " + strings.Join(Names(), ", ")
}
