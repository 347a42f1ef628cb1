extension BuiltIn {
  /// One line for each type: name, vCPUs, memory in GiB, allocatable thousandths of a core and MiB
  /// where the maker's node software tells, accelerators, network in Gbit/s, local disks in GB.
  ///
  /// vCPUs, memory and AWS's allocatable come from the project karpenter-provider-aws, those of GCP
  /// and Azure from karpenter-provider-gcp and karpenter-provider-azure (all Apache-2.0). Network
  /// and disks were entered by hand from what the makers advertise and are checked against no
  /// source; a price file corrects them. Where a maker says "up to", the sustained rate stands
  /// here; where a type has a fabric between its accelerators, the fabric's rate does, as gangs use
  /// that. A dash is unknown, or none.
  static let types = """
    #                          vCPUs   GiB     allocatable         devices    Gbps     GB
    g4dn.xlarge                    4    16      3920/14481            T4:1       5    125
    g4dn.2xlarge                   8    32      7910/29635            T4:1      10    225
    g4dn.12xlarge                 48   192    47810/178932            T4:4      50    900
    g4dn.metal                    96   384    95690/355262            T4:8     100   1800
    g5.xlarge                      4    16      3920/14161          A10G:1     2.5    250
    g5.2xlarge                     8    32      7910/29317          A10G:1       5    450
    g5.4xlarge                    16    64     15890/57691          A10G:1      10    600
    g5.12xlarge                   48   192    47810/173400          A10G:4      40   3800
    g5.48xlarge                  192   768   191450/723299          A10G:8     100   7600
    g6.xlarge                      4    16      3920/14161            L4:1     2.5    250
    g6.2xlarge                     8    32      7910/29317            L4:1       5    450
    g6.4xlarge                    16    64     15890/57691            L4:1      10    600
    g6.12xlarge                   48   192    47810/178932            L4:4      40   3760
    g6.48xlarge                  192   768   191450/718987            L4:8     100   7520
    g6e.xlarge                     4    32      3920/29317          L40S:1     2.5    250
    g6e.2xlarge                    8    64      7910/59626          L40S:1       5    450
    g6e.4xlarge                   16   128    15890/118311          L40S:1      20    600
    g6e.12xlarge                  48   384    47810/360157          L40S:4     100   3800
    g6e.48xlarge                 192  1536  191450/1449132          L40S:8     400   7600
    p3dn.24xlarge                 96   768    95690/718987     V100-32GB:8     100   1800
    p4d.24xlarge                  96  1152   95690/1082712          A100:8     400   8000
    p4de.24xlarge                 96  1152   95690/1082712     A100-80GB:8     400   8000
    p5.4xlarge                    16   256    15890/240830          H100:1     100   3840
    p5.48xlarge                  192  2048  191450/1938410          H100:8    3200  30720
    p5en.48xlarge                192  2048  191450/1937332          H200:8    3200  30720
    p6-b200.48xlarge             192  2048  191450/1937332          B200:8    3200  30720
    trn1.2xlarge                   8    32      7910/29317      TRAINIUM:1   3.125    474
    trn1.32xlarge                128   512   127610/481894     TRAINIUM:16     800   7600
    inf2.xlarge                    4    16      3920/14161   INFERENTIA2:1   2.083      -
    inf2.8xlarge                  32   128    31850/118311   INFERENTIA2:1  16.667      -
    inf2.48xlarge                192   768   191450/718987  INFERENTIA2:12     100      -
    m7i.2xlarge                    8    32      7910/29317               -   3.125      -
    m7i.4xlarge                   16    64     15890/57691               -    6.25      -
    m7i.8xlarge                   32   128    31850/118311               -    12.5      -
    m7i.16xlarge                  64   256    63770/234020               -      25      -
    m7i.24xlarge                  96   384    95690/355262               -    37.5      -
    m7i.48xlarge                 192   768   191450/718987               -      50      -
    c7i.2xlarge                    8    16      7910/14161               -   3.125      -
    c7i.4xlarge                   16    32     15890/27380               -    6.25      -
    c7i.8xlarge                   32    64     31850/57691               -    12.5      -
    c7i.16xlarge                  64   128    63770/112779               -      25      -
    c7i.24xlarge                  96   192    95690/173400               -    37.5      -
    r7i.2xlarge                    8    64      7910/59626               -   3.125      -
    r7i.4xlarge                   16   128    15890/118311               -    6.25      -
    r7i.8xlarge                   32   256    31850/239553               -    12.5      -
    r7i.16xlarge                  64   512    63770/476504               -      25      -
    r7i.24xlarge                  96   768    95690/718987               -    37.5      -
    a2-highgpu-1g                 12    85               -          A100:1      24      -
    a2-highgpu-2g                 24   170               -          A100:2      32      -
    a2-highgpu-4g                 48   340               -          A100:4      50      -
    a2-highgpu-8g                 96   680               -          A100:8     100      -
    a2-ultragpu-1g                12   170               -     A100-80GB:1      24    375
    a2-ultragpu-2g                24   340               -     A100-80GB:2      32    750
    a2-ultragpu-4g                48   680               -     A100-80GB:4      50   1500
    a2-ultragpu-8g                96  1360               -     A100-80GB:8     100   3000
    a3-highgpu-1g                 26   234               -          H100:1      25    750
    a3-highgpu-2g                 52   468               -          H100:2      50   1500
    a3-highgpu-4g                104   936               -          H100:4     100   3000
    a3-highgpu-8g                208  1872               -          H100:8    1000   6000
    a3-megagpu-8g                208  1872               -          H100:8    1800   6000
    g2-standard-4                  4    16               -            L4:1      10      -
    g2-standard-8                  8    32               -            L4:1      16      -
    g2-standard-12                12    48               -            L4:1      16      -
    g2-standard-24                24    96               -            L4:2      32      -
    g2-standard-48                48   192               -            L4:4      50      -
    g2-standard-96                96   384               -            L4:8     100      -
    n2-standard-8                  8    32               -               -      16      -
    n2-standard-16                16    64               -               -      32      -
    n2-standard-32                32   128               -               -      32      -
    n2-standard-64                64   256               -               -      32      -
    n2-highmem-16                 16   128               -               -      32      -
    n2-highmem-32                 32   256               -               -      32      -
    n2-highmem-64                 64   512               -               -      32      -
    c3-highcpu-22                 22    44               -               -      23      -
    c3-highcpu-44                 44    88               -               -      32      -
    c3-highcpu-88                 88   176               -               -      62      -
    Standard_NC4as_T4_v3           4    28               -            T4:1       8    176
    Standard_NC16as_T4_v3         16   110               -            T4:1       8    352
    Standard_NC64as_T4_v3         64   440               -            T4:4      32   2816
    Standard_NC6s_v3               6   112               -          V100:1       -    736
    Standard_NC24s_v3             24   448               -          V100:4      24   2948
    Standard_ND40rs_v2            40   672               -     V100-32GB:8     100   2948
    Standard_NC24ads_A100_v4      24   220               -     A100-80GB:1      20    960
    Standard_NC48ads_A100_v4      48   440               -     A100-80GB:2      40   1920
    Standard_NC96ads_A100_v4      96   880               -     A100-80GB:4      80   3840
    Standard_ND96asr_v4           96   900               -          A100:8    1600   6000
    Standard_ND96amsr_A100_v4     96  1900               -     A100-80GB:8    1600   6400
    Standard_NC40ads_H100_v5      40   320               -      H100-NVL:1      40   3576
    Standard_NC80adis_H100_v5     80   640               -      H100-NVL:2      80   7152
    Standard_ND96isr_H100_v5      96  1900               -          H100:8    3200  28000
    Standard_NV36ads_A10_v5       36   440               -           A10:1      40   1440
    Standard_NV72ads_A10_v5       72   880               -           A10:2      80   2880
    Standard_D8s_v5                8    32               -               -    12.5      -
    Standard_D16s_v5              16    64               -               -    12.5      -
    Standard_D32s_v5              32   128               -               -      16      -
    Standard_D64s_v5              64   256               -               -      30      -
    Standard_E8s_v5                8    64               -               -    12.5      -
    Standard_E16s_v5              16   128               -               -    12.5      -
    Standard_E32s_v5              32   256               -               -      16      -
    Standard_E64s_v5              64   512               -               -      30      -
    """
}
