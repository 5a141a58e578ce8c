// The OpenTelemetry Collector's receiver of the Fluentd forward protocol, alone: prints each record as one line of JSON.
// usage: fluentreceiver 127.0.0.1:PORT
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/fluentforwardreceiver"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
)

func main() {
	if len(os.Args) != 2 {
		fail("usage: fluentreceiver 127.0.0.1:PORT")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	factory := fluentforwardreceiver.NewFactory()
	config := factory.CreateDefaultConfig().(*fluentforwardreceiver.Config)
	config.ListenAddress = os.Args[1]
	sink, err := consumer.NewLogs(printRecords)
	if err != nil {
		fail(err.Error())
	}
	settings := receiver.Settings{
		ID:                component.NewID(factory.Type()),
		TelemetrySettings: componenttest.NewNopTelemetrySettings(),
	}
	logs, err := factory.CreateLogs(ctx, settings, config, sink)
	if err != nil {
		fail(err.Error())
	}
	if err := logs.Start(ctx, componenttest.NewNopHost()); err != nil {
		fail(err.Error())
	}
	fmt.Println(`{"ready":true}`)
	<-ctx.Done()
	_ = logs.Shutdown(context.Background())
}

func printRecords(_ context.Context, logs plog.Logs) error {
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				line, err := json.Marshal(map[string]any{
					"time":       record.Timestamp().AsTime().UnixNano(),
					"body":       record.Body().AsString(),
					"attributes": record.Attributes().AsRaw(),
				})
				if err != nil {
					return err
				}
				fmt.Println(string(line))
			}
		}
	}
	return nil
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(1)
}
