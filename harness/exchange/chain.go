package exchange

// Chain is operators in one task, as Flink chains them: the record itself is handed to the next operator. There are no
// bytes and no keys, and every other exchange is compared with it.
var Chain = Exchange{
	Name:    "chain",
	Doc:     "operators in one task: the record is handed over, no bytes",
	Connect: chain,
}

func chain(s *Stage) ([]Collector, error) {
	ins := make([]Collector, len(s.Outs))
	for i, out := range s.Outs {
		ins[i] = out
	}
	return ins, nil
}
