policy "gold" { # ‮ } nothing to see
}
