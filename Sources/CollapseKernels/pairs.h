// The body of pairs.c, included once per instruction set. TARGET selects the set, and NAME makes the names unique.
// A vector of eight doubles fills the widest registers. Narrower ones take it in two or four parts, with the same bits.

// log x for positive normal x, to about 1 ulp. With x = 2ᵉ·m and m in √½ … √2, log m = 2 artanh s =
// 2(s + s³/3 + s⁵/5 + …) for s = (m − 1)/(m + 1), |s| < 0.172. Terms beyond s²³ are below rounding.
TARGET INLINE void NAME(logarithm)(const doubles *x, doubles *result) {
  const integers bits = (integers)*x;
  const integers exponent = (bits - 0x3FE6A09E667F3BCD) >> 52;  // of x/√½
  const doubles m = (doubles)(bits - (exponent << 52));
  // Converts a small integer to double without an instruction that some processors lack.
  const doubles e = (doubles)(exponent + 0x4338000000000000) - 0x1.8p52;
  const doubles s = (m - 1) / (m + 1), z = s * s;
  doubles series = z * (1.0 / 23) + 1.0 / 21;
  _Pragma("unroll") for (int odd = 19; odd >= 3; odd -= 2) series = series * z + 1.0 / odd;
  // The high part of log 2 has few enough bits that its product with e is exact.
  *result = e * 0x1.62E42FEFA38p-1 + (2 * s + (2 * s * z * series + e * 0x1.EF35793C7673p-45));
}

// Adds eight values of each statistic to its histogram.
TARGET INLINE void NAME(count)(const doubles *value, const integers *regular, const collapse_pair_bins *bins,
                               uint32_t *histograms) {
  const places last = (places){0} + (COLLAPSE_BINS - 1);
  const places skip = ~__builtin_convertvector(*regular, places);
  places bin[COLLAPSE_PAIR_STATISTICS];
  COLLAPSE_PAIRS(BIN_OF)
  _Pragma("unroll") for (int l = 0; l < 8; l++) { COLLAPSE_PAIRS(COUNT_OF) }
}

// Adds a row's pairs to every level that the class of the row has.
TARGET INLINE void NAME(count_levels)(int64_t level, size_t first, const collapse_pair_classes *columns,
                                      collapse_pair_results *results) {
  for (int64_t l = 1; l <= level; l++) {
    doubles sum = {0}, square = {0};
    integers pairs = {0};
    for (size_t column = first; column < columns->count; column += 8) {
      const integers chosen = *(const integers_in_memory *)(results->row_regular + column) &
                              (*(const integers_in_memory *)(columns->levels + column) >= l);
      const doubles deviation = PICK(chosen, *(const doubles_in_memory *)(results->row_cdnv + column), (doubles){0});
      sum += deviation;
      square += deviation * deviation;
      pairs -= chosen;
    }
    collapse_pair_level *found = &results->levels[l - 1];
    found->sum += SUM(sum);
    found->square += SUM(square);
    for (int lane = 0; lane < 8; lane++) found->pairs += (size_t)pairs[lane];
  }
}

TARGET static void NAME(pairs)(const collapse_pair_tile *tile, const double *shifts, const collapse_pair_bins *bins,
                               collapse_pair_results *results) {
  doubles sum[COLLAPSE_PAIR_STATISTICS], square[COLLAPSE_PAIR_STATISTICS], shift[COLLAPSE_PAIR_STATISTICS];
  // A local copy, which the compiler knows no count can change.
  collapse_pair_bins bin_places[COLLAPSE_PAIR_STATISTICS];
  for (int s = 0; s < COLLAPSE_PAIR_STATISTICS; s++) {
    bin_places[s] = bins[s];
    sum[s] = square[s] = (doubles){0};
    shift[s] = (doubles){0} + shifts[s];
  }
  const integers lane = {0, 1, 2, 3, 4, 5, 6, 7};
  const doubles zero = {0}, none = zero - 2, simplex = zero + tile->simplex;
  integers pairs = {0};
  size_t exceptions = 0;
  for (size_t column = 0; column < tile->columns.count; column++) {
    results->columns.cdnv[column] = 0;
    results->columns.coherence[column] = -2;
    results->columns.nearest[column] = -1;
  }

  for (size_t row = 0; row < tile->rows.count; row++) {
    const doubles row_squares = zero + tile->rows.squares[row], row_inverses = zero + tile->rows.inverses[row],
                  row_variances = zero + tile->rows.variances[row];
    doubles row_sum[COLLAPSE_PAIR_STATISTICS], row_square[COLLAPSE_PAIR_STATISTICS];
    _Pragma("unroll") for (int s = 0; s < COLLAPSE_PAIR_STATISTICS; s++) row_sum[s] = row_square[s] = zero;
    doubles row_cdnv = zero, row_coherence = none;
    integers row_nearest = (integers){0} - 1;
    const size_t first = tile->is_diagonal ? row + 1 : 0;
    const int64_t level = tile->rows.levels ? tile->rows.levels[row] : 0;

    for (size_t column = first & ~(size_t)7; column < tile->columns.count; column += 8) {
      const integers here = lane + (int64_t)column;
      const integers active = (here >= (int64_t)first) & (here < (int64_t)tile->columns.count);
      const doubles inner = *(const doubles_in_memory *)(tile->inner + row * tile->stride + column);
      const doubles terms = row_squares + *(const doubles_in_memory *)(tile->columns.squares + column);
      const doubles variances = row_variances + *(const doubles_in_memory *)(tile->columns.variances + column);
      doubles distance = terms - 2 * inner;
      doubles cosine = inner * row_inverses * *(const doubles_in_memory *)(tile->columns.inverses + column);
      cosine = PICK(cosine < -1, zero - 1, cosine);
      doubles chord = 2 - 2 * cosine;
      // A class without a direction has NaN for 1/‖m‖ and fails the second comparison.
      integers regular = active & (distance >= COLLAPSE_DISTANCE_CANCELS * terms) & (chord >= COLLAPSE_CHORD_CANCELS);
      const doubles reciprocal = 1 / PICK(regular, distance, zero + 1);
      doubles cdnv = variances * reciprocal * 0.5;
      doubles cdnv_squared = cdnv * reciprocal;
      regular &= cdnv_squared <= DBL_MAX;
      integers exceptional = active & ~regular;
      if (__builtin_reduce_or(exceptional))
        for (int l = 0; l < 8; l++)
          if (exceptional[l]) results->exceptions[exceptions++] = (uint32_t)(row * tile->columns.count + column + l);

      cdnv = PICK(regular, cdnv, zero);
      cdnv_squared = PICK(regular, cdnv_squared, zero);
      cosine = PICK(regular, cosine, zero);
      chord = PICK(regular, chord, zero + 2);
      doubles logarithm;
      NAME(logarithm)(&chord, &logarithm);
      chord = __builtin_elementwise_sqrt(chord);
      const doubles value[COLLAPSE_PAIR_STATISTICS] = {COLLAPSE_PAIRS(VALUE_OF)};
      NAME(count)(value, &regular, bin_places, results->histograms);
      _Pragma("unroll") for (int s = 0; s < COLLAPSE_PAIR_STATISTICS; s++) {
        const doubles deviation = PICK(regular, value[s] - shift[s], zero);
        row_sum[s] += deviation;
        row_square[s] += deviation * deviation;
      }
      pairs -= regular;
      if (level) {
        *(doubles_in_memory *)(results->row_cdnv + column) = cdnv - shift[collapse_pair_cdnv];
        *(integers_in_memory *)(results->row_regular + column) = regular;
      }

      row_cdnv += cdnv;
      *(doubles_in_memory *)(results->columns.cdnv + column) += cdnv;
      const doubles coherence = PICK(regular, cosine, none);
      // Rows and columns ascend, so the first of equal values stays.
      const integers nearer = coherence > row_coherence;
      row_coherence = PICK(nearer, coherence, row_coherence);
      row_nearest = (nearer & here) | (~nearer & row_nearest);
      doubles_in_memory *column_coherence = (doubles_in_memory *)(results->columns.coherence + column);
      integers_in_memory *column_nearest = (integers_in_memory *)(results->columns.nearest + column);
      const integers above = coherence > *column_coherence;
      *column_coherence = PICK(above, coherence, *column_coherence);
      *column_nearest = (above & (int64_t)row) | (~above & *column_nearest);
    }

    if (level) NAME(count_levels)(level, first & ~(size_t)7, &tile->columns, results);

    _Pragma("unroll") for (int s = 0; s < COLLAPSE_PAIR_STATISTICS; s++) {
      sum[s] += row_sum[s];
      square[s] += row_square[s];
    }
    results->rows.cdnv[row] = SUM(row_cdnv);
    results->rows.coherence[row] = -2;
    results->rows.nearest[row] = -1;
    for (int l = 0; l < 8; l++) {
      const double best = results->rows.coherence[row];
      if (row_coherence[l] > best || (row_coherence[l] == best && row_nearest[l] < results->rows.nearest[row])) {
        results->rows.coherence[row] = row_coherence[l];
        results->rows.nearest[row] = row_nearest[l];
      }
    }
  }

  results->pairs = 0;
  for (int l = 0; l < 8; l++) results->pairs += (size_t)pairs[l];
  results->exception_count = exceptions;
  for (int s = 0; s < COLLAPSE_PAIR_STATISTICS; s++) {
    results->sum[s] = SUM(sum[s]);
    results->square[s] = SUM(square[s]);
  }
}
