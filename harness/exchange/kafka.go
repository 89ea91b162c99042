package exchange

// Kafka is how a Go pipeline repartitions through Kafka: franz-go, a topic for each exchange, batches, and in front of each
// value the header of the Confluent serializers, 0 and the u32 number of a schema. Its client lives in a module of its own,
// interop/kafka, whose program moves the records.
var Kafka = Exchange{
	Name:    "kafka",
	Doc:     "through Kafka with franz-go, as Go pipelines repartition; its worker is wirecost-kafka of interop/kafka",
	Encodes: true,
	Program: []string{"wirecost-kafka"},
	Framing: func(Config) int { return 1 + 4 },
}
