package listing_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/processtracker/processtracker-go/core/listing"
)

// A directory is listed with the directories below it.
func ExampleLocal() {
	dir, err := os.MkdirTemp("", "landing")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Mkdir(filepath.Join(dir, "2026"), 0o700); err != nil {
		log.Print(err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, "2026", "Teams.csv"), []byte("BOS\n"), 0o600); err != nil {
		log.Print(err)
		return
	}
	for object, err := range (listing.Local{}).List(context.Background(), dir) {
		if err != nil {
			log.Print(err)
			return
		}
		fmt.Println(object.Name, *object.Size)
	}
	// Output: 2026/Teams.csv 4
}

// A location of an object store has a bucket and the prefix of the keys in it, which ends
// with a slash.
func ExampleBucket() {
	bucket, prefix, err := listing.Bucket("s3://landing/teams", "s3")
	fmt.Println(bucket, prefix, err)
	// Output: landing teams/ <nil>
}
