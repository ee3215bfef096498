/// Many pictures on one: a grid, row by row, each with an optional caption under it.
public struct ContactSheet: Hashable, Sendable {
    /// Pixels between the cells and around them.
    public var padding = 16
    public var background = Color.white
    public var captionColor = Color(grey: 60)
    /// Nil: near to a square with few empty cells.
    public var columns: Int?
    /// Pictures with a longer side are made smaller; nil: as large as they are.
    public var maxCellSide: Int?

    public init(
        padding: Int = 16, background: Color = .white, captionColor: Color = Color(grey: 60), columns: Int? = nil,
        maxCellSide: Int? = nil
    ) {
        self.padding = padding
        self.background = background
        self.captionColor = captionColor
        self.columns = columns
        self.maxCellSide = maxCellSide
    }

    /// The sheet, 3 channels. Every cell is as large as the largest picture; smaller ones are centred; alpha shows the background.
    ///
    /// - Parameter captions: one a picture, or none; an empty one leaves its place free. Left out where text cannot be drawn.
    /// - Throws: `ImageError.invalidArgument` for no pictures, another count of captions, a padding outside 0…4096, columns below 1,
    ///   and a sheet that is larger than 2²⁸ pixels.
    public func draw(_ pictures: [ImageBuffer], captions: [String] = []) throws -> ImageBuffer {
        guard !pictures.isEmpty, captions.isEmpty || captions.count == pictures.count else {
            throw ImageError.invalidArgument(
                "A contact sheet takes at least one picture, and as many captions as pictures or none.")
        }
        guard (0...4096).contains(padding), columns ?? 1 > 0, maxCellSide ?? 1 > 0 else {
            throw ImageError.invalidArgument(
                "A contact sheet's padding is 0 to 4096, its columns and cells are at least 1.")
        }
        let pictures = try pictures.map(fitted)
        let cellWidth = pictures.reduce(1) { max($0, $1.width) }
        let cellHeight = pictures.reduce(1) { max($0, $1.height) }
        let labels = captions.map { label($0, width: cellWidth) }
        let labelHeight = labels.reduce(0) { max($0, ($1?.height ?? -labelGap) + labelGap) }

        let columns = min(self.columns ?? Self.columns(for: pictures.count), pictures.count)
        let rows = (pictures.count + columns - 1) / columns
        let (stepX, stepY) = (cellWidth + padding, cellHeight + labelHeight + padding)
        let (width, overflowX) = columns.multipliedReportingOverflow(by: stepX)
        let (height, overflowY) = rows.multipliedReportingOverflow(by: stepY)
        guard !overflowX, !overflowY, (width + padding) <= (1 << 28) / (height + padding) else {
            throw ImageError.invalidArgument(
                "The contact sheet would have more than \(1 << 28) pixels. Take fewer or smaller pictures.")
        }
        var sheet = try ImageBuffer(width: width + padding, height: height + padding, color: background)
        for (index, picture) in pictures.enumerated() {
            let left = padding + index % columns * stepX, top = padding + index / columns * stepY
            sheet.paste(picture, x: left + (cellWidth - picture.width) / 2, y: top + (cellHeight - picture.height) / 2)
            if let label = labels.isEmpty ? nil : labels[index] {
                sheet.paste(label, x: left + (cellWidth - label.width) / 2, y: top + cellHeight + labelGap)
            }
        }
        return sheet
    }

    /// From the square root upwards, the first count that leaves the fewest empty cells: 4 → 2, 6 → 3, 7 → 4, 40 → 8.
    static func columns(for count: Int) -> Int {
        let root = Int(Double(count).squareRoot().rounded(.up))
        func empty(_ columns: Int) -> Int { (columns - count % columns) % columns }
        return (root...root + 2).min { empty($0) < empty($1) } ?? root
    }

    private var labelGap: Int { 4 }

    private func fitted(_ picture: ImageBuffer) throws -> ImageBuffer {
        let longest = max(picture.width, picture.height)
        guard let side = maxCellSide, longest > side else { return picture.flattened(on: background) }
        let small = try picture.resized(
            width: max(1, picture.width * side / longest), height: max(1, picture.height * side / longest),
            filter: .lanczos3)
        return small.flattened(on: background)
    }

    /// At most two lines, of a size that goes with the cell.
    private func label(_ caption: String, width: Int) -> ImageBuffer? {
        let em = min(max(width / 16, 10), 24)
        guard let coverage = TextCoverage.draw(caption, width: width, height: em * 5 / 2, pixelsPerEm: em),
            let ink = try? ImageBuffer(width: coverage.width, height: coverage.height, color: captionColor).withAlpha(
                coverage)
        else { return nil }
        return ink.flattened(on: background)
    }
}

/// Text as a grey picture, 255 where there is ink.
enum TextCoverage {
    /// Wrapped, centred, not larger than `width` × `height`; words that find no room become an ellipsis.
    /// Nil for blank text, and where libvips was built without text.
    static func draw(_ text: String, width: Int, height: Int, pixelsPerEm: Int) -> ImageBuffer? {
        // Longer text would not be seen, and laying it out takes time.
        var words = Array(text.prefix(240).filter { $0 != "\0" }.split(whereSeparator: \.isWhitespace))
        guard !words.isEmpty else { return nil }
        var ellipsis = ""
        while true {
            let line = words.joined(separator: " ") + ellipsis
            guard
                let drawn = try? VipsPicture(text: line, width: width, pixelsPerEm: pixelsPerEm).read().converted(
                    channels: 1)
            else { return nil }
            if drawn.height <= height || words.count == 1 {
                let (right, bottom) = (min(width, drawn.width), min(height, drawn.height))
                return try? drawn.cropped(x: (drawn.width - right) / 2, y: 0, width: right, height: bottom)
            }
            words = Array(words.prefix(max(1, min(words.count - 1, words.count * height / drawn.height))))
            ellipsis = " …"
        }
    }
}
