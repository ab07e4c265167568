store "y" {
  type = "directory"
  path = "/a"
  path = "/b"
}
store "y" {
}
