import Glibc
import Views

/// Where a command talks: data to standard output, talk to standard error.
struct Terminal: Sendable {
  /// How text on standard output is laid out.
  let style: Style
  /// How text on standard error is laid out.
  let talkStyle: Style
  /// Whether progress may be drawn over.
  let isLive: Bool
  /// Whether somebody can answer questions.
  let canAsk: Bool

  private static let columnsDefault = 100

  init(noColour: Bool, isVerbose: Bool) {
    let isPlain =
      noColour || POSIX.variable("NO_COLOR").map { !$0.isEmpty } == true
      || POSIX.variable("TERM") == "dumb"
    func style(_ descriptor: Int32) -> Style {
      let isTerminal = POSIX.isTerminal(descriptor)
      let asked = POSIX.variable("COLUMNS").flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
      let width = asked ?? POSIX.columns(of: descriptor) ?? Self.columnsDefault
      return Style(
        width: width, isColoured: isTerminal && !isPlain, isVerbose: isVerbose,
        isWindow: isTerminal)
    }
    self.style = style(STDOUT_FILENO)
    talkStyle = style(STDERR_FILENO)
    isLive = POSIX.isTerminal(STDERR_FILENO) && POSIX.variable("TERM") != "dumb"
    canAsk = POSIX.isTerminal(STDIN_FILENO)
  }

  /// Writes data, or says that it could not: what was not shown is not done either.
  func print(_ text: String) throws(Trouble) {
    do throws(POSIX.Problem) {
      try POSIX.write(text, to: STDOUT_FILENO)
    } catch {
      throw .output(error)
    }
  }

  /// Writes talk. Where even that fails there is nobody left to be told, and work goes on.
  func say(_ text: String) {
    do throws(POSIX.Problem) { try POSIX.write(text, to: STDERR_FILENO) } catch { return }
  }

  /// Whether the answer is yes, which only this word is taken for.
  func ask(_ question: String, expecting word: String) -> Bool {
    say("\(question) Only '\(word)' is taken for yes: ")
    return readLine() == word
  }
}
