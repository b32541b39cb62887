package cli

import (
	"os"
	"os/signal"
	"slices"
)

// unlessIgnored removes the signals that the tool's parent wants ignored, as nohup does
// with SIGHUP: catching one would undo that.
func unlessIgnored(signals []os.Signal) []os.Signal {
	return slices.DeleteFunc(signals, signal.Ignored)
}

// catch sends signals to the returned channel until stop is called. Without arguments
// it catches none.
func catch(signals []os.Signal) (caught <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 16)
	if len(signals) > 0 { // signal.Notify without arguments catches all
		signal.Notify(c, signals...)
	}
	return c, func() { signal.Stop(c) }
}
