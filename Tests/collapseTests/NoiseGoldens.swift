/// What an independent computation in NumPy, two passes over the samples in extended precision with sums over every
/// pair of classes, gives for the statistics corrected for sampling noise and for the standard errors, by the fewest
/// samples of a class. Without a class that is noise only, results do not count them.
enum NoiseGoldens {
  /// The committed sample.
  static let sample: [Int: [String: Double]] = [1: sample1, 2: sample2, 10: sample10]
  /// The larger data of the same model.
  static let shared: [Int: [String: Double]] = [1: shared1, 10: shared10]

  private static let sample1: [String: Double] = [
    "noise_share": 0.3314825460519776,
    "within_trace_corrected": 128.09423655001666,
    "between_trace_corrected": 83.75245768675316,
    "nc1_quotient_corrected": 1.5294385393334775,
    "nc1_cdnv_ratio": 0.30508563685955853,
    "nc1_cdnv_ratio_corrected": 0.7042851418538346,
    "nc2_norm_squared_corrected.mean": 83.75245768675316,
    "nc2_norm_squared_corrected.std": 56.36244712161446,
    "nc2_norm_squared_corrected.cv": 0.6729646947486427,
    "nc2_norm_squared_corrected.noise_only": 37,
    "standard_errors.within_trace": 0.22667255102334066,
    "standard_errors.between_trace": 0.6455096209158712,
    "standard_errors.nc1_quotient": 0.005191223026356447,
    "standard_errors.within_trace_corrected": 0.2454228573228028,
    "standard_errors.between_trace_corrected": 0.6958996879433612,
    "standard_errors.nc1_quotient_corrected": 0.013357777347574075,
    "standard_errors.nc1_cdnv_ratio": 0.0019282612536516404,
    "standard_errors.nc1_cdnv_ratio_corrected": 0.007571809045843906,
  ]

  private static let sample2: [String: Double] = [
    "noise_share": 0.23641593213130932,
    "within_trace_corrected": 128.09423655001666,
    "between_trace_corrected": 82.78736643297637,
    "nc1_quotient_corrected": 1.5472679234665612,
    "nc1_cdnv_ratio": 0.42576803856789885,
    "nc1_cdnv_ratio_corrected": 0.7123983167326875,
    "nc2_norm_squared_corrected.mean": 82.78736643297637,
    "nc2_norm_squared_corrected.std": 60.49799162455651,
    "nc2_norm_squared_corrected.cv": 0.7307635721633317,
    "nc2_norm_squared_corrected.noise_only": 38,
    "standard_errors.within_trace": 0.22667255102334066,
    "standard_errors.between_trace": 0.48858265282483854,
    "standard_errors.nc1_quotient": 0.005343409747405114,
    "standard_errors.within_trace_corrected": 0.2454228573228028,
    "standard_errors.between_trace_corrected": 0.5317576773740916,
    "standard_errors.nc1_quotient_corrected": 0.010625745446617789,
    "standard_errors.nc1_cdnv_ratio": 0.002471907859979754,
    "standard_errors.nc1_cdnv_ratio_corrected": 0.006451973065282745,
  ]

  private static let sample10: [String: Double] = [
    "noise_share": 0.0865237135616067,
    "within_trace_corrected": 128.09423655001666,
    "between_trace_corrected": 70.31528418132271,
    "nc1_quotient_corrected": 1.821712562800696,
    "nc1_cdnv_ratio": 0.7966727649848272,
    "nc1_cdnv_ratio_corrected": 0.9194925300584444,
    "nc2_norm_squared_corrected.mean": 70.31528418132271,
    "nc2_norm_squared_corrected.std": 42.714764400066244,
    "nc2_norm_squared_corrected.cv": 0.6074748171381524,
    "standard_errors.within_trace": 0.22667255102334066,
    "standard_errors.between_trace": 0.4452494609485297,
    "standard_errors.nc1_quotient": 0.009365217599311268,
    "standard_errors.within_trace_corrected": 0.2454228573228028,
    "standard_errors.between_trace_corrected": 0.44625940253471036,
    "standard_errors.nc1_quotient_corrected": 0.012171587878928492,
    "standard_errors.nc1_cdnv_ratio": 0.005260426655040595,
    "standard_errors.nc1_cdnv_ratio_corrected": 0.0067161422573333174,
  ]

  private static let shared1: [String: Double] = [
    "noise_share": 0.15455712142444222,
    "within_trace_corrected": 86.80422825835443,
    "between_trace_corrected": 71.09184415480183,
    "nc1_quotient_corrected": 1.221015283684849,
    "nc1_cdnv_ratio": 0.4216967686529097,
    "nc1_cdnv_ratio_corrected": 0.5901940178452129,
    "nc2_norm_squared_corrected.mean": 71.09184415480183,
    "nc2_norm_squared_corrected.std": 44.867061646930054,
    "nc2_norm_squared_corrected.cv": 0.6311140494433151,
    "nc2_norm_squared_corrected.noise_only": 14,
    "standard_errors.within_trace": 0.07979121783981061,
    "standard_errors.between_trace": 0.3306581641984571,
    "standard_errors.nc1_quotient": 0.004105140800661947,
    "standard_errors.within_trace_corrected": 0.08109605333801935,
    "standard_errors.between_trace_corrected": 0.34456596868615846,
    "standard_errors.nc1_quotient_corrected": 0.0060666689034636805,
    "standard_errors.nc1_cdnv_ratio": 0.0019460108156325023,
    "standard_errors.nc1_cdnv_ratio_corrected": 0.0037384702358720626,
  ]

  private static let shared10: [String: Double] = [
    "noise_share": 0.04477209581982941,
    "within_trace_corrected": 86.80422825835443,
    "between_trace_corrected": 70.54542147579373,
    "nc1_quotient_corrected": 1.2304728845959136,
    "nc1_cdnv_ratio": 0.5490698564656372,
    "nc1_cdnv_ratio_corrected": 0.5982403799918377,
    "nc2_norm_squared_corrected.mean": 70.54542147579373,
    "nc2_norm_squared_corrected.std": 43.09128909167692,
    "nc2_norm_squared_corrected.cv": 0.6108304152164269,
    "standard_errors.within_trace": 0.07979121783981061,
    "standard_errors.between_trace": 0.18059806072842086,
    "standard_errors.nc1_quotient": 0.0030273958652885895,
    "standard_errors.within_trace_corrected": 0.08109605333801935,
    "standard_errors.between_trace_corrected": 0.18089751018629524,
    "standard_errors.nc1_quotient_corrected": 0.003375981357766423,
    "standard_errors.nc1_cdnv_ratio": 0.0016705197330071082,
    "standard_errors.nc1_cdnv_ratio_corrected": 0.0019386720609529029,
  ]
}
