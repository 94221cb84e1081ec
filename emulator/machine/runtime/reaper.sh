#!/bin/sh
# Outlives the emulator, however that ends, and then ends what it left: reads
# "+ GROUP" and "- GROUP" (process groups) until its input closes, kills the
# groups that remain and removes the directory $1, which holds mounted secrets.
groups=" "
while read -r sign group; do
  case $sign in
  +) groups="$groups$group " ;;
  -) groups=$(printf %s "$groups" | sed "s/ $group / /") ;;
  esac
done
for group in $groups; do
  kill -s KILL -- "-$group" 2>/dev/null
done
rm -rf -- "$1"
