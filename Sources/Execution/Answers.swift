/// What `ask` gives for each of `items`, in no order; so many are asked at the same time at most.
func answers<Item: Sendable, Answer: Sendable>(
  of items: [Item], atOnce most: Int, _ ask: @escaping @Sendable (Item) async -> Answer
) async -> [Answer] {
  await withTaskGroup(of: Answer.self) { group in
    var answers: [Answer] = []
    for (index, item) in items.enumerated() {
      if index >= most, let answer = await group.next() { answers.append(answer) }
      group.addTask { await ask(item) }
    }
    for await answer in group { answers.append(answer) }
    return answers
  }
}
