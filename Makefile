MODULES := $(dir $(shell git ls-files '*go.mod' ':!*testdata*' ':!tools/*'))

.PHONY: help test bench lint generate baseline fuzz soak gate gate-study vectors

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

test: ## test every module
	@for m in $(MODULES); do (cd $$m && go test ./...) || exit 1; done

bench: ## run every benchmark of every module once
	@for m in $(MODULES); do (cd $$m && go test -run '^$$' -bench . -benchtime 1x ./...) || exit 1; done

lint: ## vet every module, list files that gofmt would change, and code that nothing calls
	@for m in $(MODULES); do (cd $$m && go vet ./...) || exit 1; done
	go tool -modfile=tools/go.mod staticcheck ./...
	go tool -modfile=tools/go.mod deadcode -test ./...
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }

generate: ## make the generated code again
	go generate ./...

baseline: ## measure the exact units again: results/baseline.txt
	UPDATE=1 go test -count 1 -run '^TestBaseline$$' ./bench

fuzz: ## fuzz every target for a minute each
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep ^Fuzz); do \
		go test -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-1m} $$p || exit 1; done; done

soak: ## move SOAK (10 million) records over the local exchange, and check each
	SOAK=$${SOAK:-10000000} go test -count 1 -timeout 0 -run '^TestDelivery$$' ./harness/exchange

gate: ## judge the working tree against BASE (origin/main) by its benchmarks of two streams
	go run ./cmd/wiregate gate --base $${BASE:-origin/main} \
		--bench 'Codec/schema=(nexmark.Bid|orders.Order)/codec=(avro|protobuf|msgpack|json|pojo|kryo)$$/runtime=go/op=(encode|decode)$$' ./bench

gate-study: ## measure how often the gate is right: results/gate-study.md (TRIALS=1 SLICE=20ms for a try)
	STUDY=$(CURDIR)/results/gate-study.md go test -count 1 -timeout 0 -run '^TestGateStudy$$' ./harness/gate/trial

vectors: ## compare every byte with what the released Flink, Java Avro and Kryo write, over all streams and 50 random schemas (needs a JDK 17 and Maven)
	go run ./cmd/wirecost flink build
	go run ./cmd/wirecost verify --random 50
