print("collapse")
