package listing

import (
	"strings"
	"testing"
)

func TestBucket(t *testing.T) {
	t.Parallel()
	for location, want := range map[string][2]string{
		"s3://bucket/teams": {"bucket", "teams/"}, "s3://bucket/teams/": {"bucket", "teams/"}, "s3://bucket/teams//": {"bucket", "teams//"},
		"s3://bucket": {"bucket", ""}, "s3://bucket/": {"bucket", ""}, "s3://bucket//": {"bucket", "/"}, "S3A://bucket/a": {"bucket", "a/"},
		"s3://my.bucket_1/a b/%2F?x#y@z:": {"my.bucket_1", "a b/%2F?x#y@z:/"}, "s3://bucket/🚚": {"bucket", "🚚/"},
	} {
		if bucket, prefix, err := Bucket(location, "s3", "s3a"); err != nil || [2]string{bucket, prefix} != want {
			t.Errorf("%s: %q, %q, %v, want %q", location, bucket, prefix, err, want)
		}
	}
	for _, location := range []string{"", "bucket/teams", "/landing", "gs://bucket", "s3://", "s3:///teams", "s3:/bucket", "s3://key:geheim@bucket/teams", "s3://a b/c"} {
		if bucket, prefix, err := Bucket(location, "s3", "s3a"); err == nil {
			t.Errorf("%s became %q, %q", location, bucket, prefix)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("the error shows a password: %v", err)
		}
	}
}

// FuzzBucket looks for a location that lists more than what is below it, or
// whose objects would not be where their paths say.
func FuzzBucket(f *testing.F) {
	for _, seed := range []string{"s3://bucket/teams", "s3a://b//", "gs://b/%2F", "gs://b/a\xffb", "S3://b", "s3://b/ /"} {
		f.Add(seed, "a//b")
	}
	f.Fuzz(func(t *testing.T, location, name string) {
		bucket, prefix, err := Bucket(location, "s3", "s3a", "gs")
		if err != nil {
			return
		}
		_, rest, _ := strings.Cut(location, "://")
		if path := strings.TrimSuffix(rest, "/") + "/" + name; path != bucket+"/"+prefix+name {
			t.Errorf("%q in %q has the path %q and the key %q in %q", name, location, path, prefix+name, bucket)
		}
		if got, err := Name(prefix+name, prefix); err != nil || got != name {
			t.Errorf("%q came back as %q, %v", name, got, err)
		}
	})
}
