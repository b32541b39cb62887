# keeper DIRECTORY COMMAND [ARGUMENT...]: runs a server in a directory for as long as standard input stays open, then
# kills it and removes the directory. Standard input is a pipe whose other end only the test binary holds. So the server
# ends with the binary, however that ends: orderly, interrupted, or killed with no chance to clean up.
#
# It leads a process group of its own, to which it sends SIGQUIT: an immediate shutdown to Postgres, death to a program
# that does not expect it, and nothing to the keeper, which has to see the server end before it can remove the files.
dir=$1
shift
exec 3<&0
trap : QUIT
{
	read -r _ <&3
	kill -QUIT 0
} &
watch=$!
"$@" </dev/null 3<&- >"$dir/log" 2>&1
echo $? >"$dir/exit.new"
mv "$dir/exit.new" "$dir/exit" # at once with its content
while kill -0 "$watch" 2>/dev/null; do wait "$watch"; done
rm -rf -- "$dir" || { sleep 1; rm -rf -- "$dir"; }
